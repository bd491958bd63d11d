"""Exact search over vectors that a real Voyager file holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import voyager
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from stash_sense.database import index as index_module
from stash_sense.database.findings import DamagedFileError
from stash_sense.database.index import VectorIndex
from stash_sense.database.voyager_file import Vectors
from tests.database.release import random_vectors, write_index


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def in_memory(vectors: NDArray[np.float32]) -> VectorIndex:
    return VectorIndex(Vectors(np.arange(len(vectors)), unit(vectors), 0))


def by_definition(vectors: NDArray[np.float32], queries: NDArray[np.float32], k: int) -> NDArray[np.float64]:
    """The k smallest cosine distances of each query, in double precision."""
    wide = unit(queries.astype(np.float64)) @ unit(vectors.astype(np.float64)).T
    return np.sort(1 - wide, axis=1)[:, :k]


def test_an_entry_of_a_voyager_file_is_found_under_its_own_id_and_not_by_its_row(tmp_path: Path) -> None:
    vectors = random_vectors(50)
    ids = list(range(1000, 0, -20))
    write_index(tmp_path / "x.voy", vectors, ids)

    index = VectorIndex.load(tmp_path / "x.voy")

    found, distances = index.search(vectors, 1)
    assert found[:, 0].tolist() == ids
    assert distances.max() < 1e-6
    assert index.ids.tolist() == sorted(ids)
    assert index.first_id == 20
    np.testing.assert_allclose(index.vector(980), unit(vectors)[1], atol=1e-6)
    with pytest.raises(KeyError):
        index.vector(981)


def test_search_agrees_with_voyagers_own_distances(tmp_path: Path) -> None:
    vectors, query = random_vectors(200), random_vectors(5, seed=1)
    write_index(tmp_path / "x.voy", vectors)

    ids, distances = VectorIndex.load(tmp_path / "x.voy").search(query, 10)

    theirs_ids, theirs = voyager.Index.load(str(tmp_path / "x.voy")).query(query, 10, query_ef=200)
    assert ids.tolist() == theirs_ids.tolist()
    np.testing.assert_allclose(distances, theirs, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 700),
    queries=st.integers(0, 5),
    k=st.integers(1, 120),
    copies=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_search_gives_the_nearest_by_definition(
    count: int, queries: int, k: int, copies: bool, seed: int
) -> None:
    vectors, asked = random_vectors(count, seed), random_vectors(queries, seed + 1)
    if copies:
        vectors = vectors[np.random.default_rng(seed).integers(0, max(1, count // 10), count)]

    ids, distances = in_memory(vectors).search(asked, k)

    assert ids.shape == distances.shape == (queries, min(k, count))
    np.testing.assert_allclose(distances, by_definition(vectors, asked, k), atol=1e-5)
    for row in range(queries):
        assert len(set(ids[row])) == len(ids[row])
        exact = 1 - unit(vectors)[ids[row]] @ unit(asked)[row]
        np.testing.assert_allclose(distances[row], exact, atol=1e-5)


def test_equal_distances_come_in_the_order_of_their_ids() -> None:
    vectors = np.repeat(random_vectors(1), 500, axis=0)

    ids, _ = in_memory(vectors).search(vectors[:1], 7)

    assert ids[0].tolist() == list(range(7))


def test_queries_are_scored_in_blocks_of_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, asked = random_vectors(300), random_vectors(11, seed=3)
    whole = in_memory(vectors).search(asked, 20)
    monkeypatch.setattr(index_module, "SCORE_BYTES", 300 * 4 * 4)

    blocks = in_memory(vectors).search(asked, 20)

    np.testing.assert_array_equal(whole[0], blocks[0])
    np.testing.assert_allclose(whole[1], blocks[1], atol=1e-6)


def test_length_and_scale_of_a_query_do_not_matter() -> None:
    vectors = random_vectors(100)
    for scale in (1e-30, 1.0, 1e30):
        ids, distances = in_memory(vectors).search((vectors[:3] * np.float32(scale)), 1)
        assert ids[:, 0].tolist() == [0, 1, 2]
        assert distances.max() < 1e-5


@pytest.mark.parametrize("bad", [0.0, np.nan, np.inf])
def test_a_query_without_a_direction_is_refused(bad: float) -> None:
    queries = random_vectors(3)
    queries[1] = bad
    with pytest.raises(ValueError, match="query"):
        in_memory(random_vectors(10)).search(queries, 1)


def test_a_query_of_another_shape_is_refused_and_so_is_no_neighbour() -> None:
    index = in_memory(random_vectors(10))
    with pytest.raises(ValueError, match=r"\(q, 512\)"):
        index.search(np.ones((1, 128), np.float32), 1)
    with pytest.raises(ValueError, match=r"\(q, 512\)"):
        index.search(np.ones(512, np.float32), 1)
    with pytest.raises(ValueError, match="at least 1"):
        index.search(random_vectors(1), 0)


def test_deleted_zero_and_broken_entries_are_counted_and_never_found(tmp_path: Path) -> None:
    vectors = random_vectors(30)
    vectors[4] = 0
    vectors[5, 7] = np.nan
    index = voyager.Index(voyager.Space.Cosine, 512)
    index.add_items(vectors, list(range(30)))
    index.mark_deleted(11)
    index.save(str(tmp_path / "x.voy"))

    loaded = VectorIndex.load(tmp_path / "x.voy")

    assert (len(loaded), loaded.unusable) == (27, 3)
    ids, distances = loaded.search(random_vectors(2, seed=9), 30)
    assert set(ids[0]) == set(range(30)) - {4, 5, 11}
    assert np.isfinite(distances).all()


def test_eight_bit_indices_are_read_too(tmp_path: Path) -> None:
    vectors = random_vectors(40)
    write_index(tmp_path / "x.voy", vectors, storage=voyager.StorageDataType.E4M3)

    ids, distances = VectorIndex.load(tmp_path / "x.voy").search(vectors, 1)

    assert ids[:, 0].tolist() == list(range(40))
    assert distances.max() < 0.01


def test_what_is_not_such_an_index_is_refused_with_what_was_seen_and_what_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "x.voy"
    write_index(path, np.ones((3, 256), np.float32))
    with pytest.raises(DamagedFileError, match="256-dimensional; 512 dimensions are needed"):
        VectorIndex.load(path)
    write_index(path, random_vectors(3), space=voyager.Space.Euclidean)
    with pytest.raises(DamagedFileError, match=r"Euclidean; Space\.Cosine is needed"):
        VectorIndex.load(path)
    path.write_bytes(b"")
    with pytest.raises(DamagedFileError, match="not a Voyager index"):
        VectorIndex.load(path)
    voyager.Index(voyager.Space.Cosine, 512).save(str(path))
    with pytest.raises(DamagedFileError, match="holds no vectors"):
        VectorIndex.load(path)


def test_a_damaged_header_is_an_error_and_not_the_end_of_the_process(tmp_path: Path) -> None:
    """Voyager itself crashes on several of these; a crash here would end the whole test run."""
    path = tmp_path / "x.voy"
    write_index(path, random_vectors(20))
    whole = path.read_bytes()
    refused = 0
    for position in range(112):
        for bit in (0, 3, 7):
            damaged = bytearray(whole)
            damaged[position] ^= 1 << bit
            path.write_bytes(damaged)
            try:
                VectorIndex.load(path)
            except DamagedFileError:
                refused += 1
    assert refused > 200


@pytest.mark.parametrize("keep", [0, 1, 60, 113, 5000, -1])
def test_a_truncated_index_is_an_error(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "x.voy"
    write_index(path, random_vectors(20))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DamagedFileError):
        VectorIndex.load(path)
