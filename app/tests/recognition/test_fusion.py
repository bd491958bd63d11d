from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_sense.recognition.fusion import Candidate, Neighbours, fuse, is_degenerate

FAR = [0.3, 0.7, 0.8, 0.85, 0.9, 0.95]


def neighbours(pairs: dict[int, float]) -> Neighbours:
    ordered = sorted(pairs.items(), key=lambda pair: pair[1])
    return Neighbours(
        np.array([i for i, _ in ordered], np.int64), np.array([d for _, d in ordered], np.float32)
    )


def names(entry: int) -> str | None:
    return f"stashdb.org:{entry}"


def test_both_indices_count_half() -> None:
    found = fuse(neighbours({1: 0.2, 2: 0.9}), neighbours({1: 0.4, 2: 0.7}), names)
    assert found[0].universal_id == "stashdb.org:1"
    assert found[0].distance == pytest.approx(0.3)
    assert (found[0].facenet_distance, found[0].arcface_distance) == pytest.approx((0.2, 0.4))
    assert found[1].distance == pytest.approx(0.8)


def test_a_distance_that_one_index_did_not_give_counts_half() -> None:
    found = {c.universal_id: c for c in fuse(neighbours({1: 0.3, 2: 0.9}), neighbours({2: 0.7}), names)}
    assert found["stashdb.org:1"].distance == pytest.approx(0.5 * 0.3 + 0.5 * 0.5)
    assert found["stashdb.org:1"].arcface_distance == 0.5


def test_a_performer_is_listed_once_with_the_best_entry() -> None:
    owner = {1: "a", 2: "a", 3: "b"}
    found = fuse(neighbours({1: 0.5, 2: 0.3, 3: 0.8}), neighbours({1: 0.5, 2: 0.4, 3: 0.9}), owner.get)
    assert [c.universal_id for c in found] == ["a", "b"]
    assert found[0].distance == pytest.approx(0.35)


def test_an_entry_without_performer_is_passed_over() -> None:
    found = fuse(neighbours({1: 0.3, 2: 0.8}), neighbours({1: 0.3, 2: 0.8}), {2: "b"}.get)
    assert [c.universal_id for c in found] == ["b"]


@pytest.mark.parametrize(
    ("distances", "expected"),
    [
        (FAR, False),
        ([0.01, 0.012, 0.013, 0.02], True),
        # minimum below 0.10 and range below 0.05
        ([0.09, 0.10, 0.13], True),
        # minimum below 0.10 and variance below 0.002, though the range is 0.12
        ([0.05, *([0.11] * 18), 0.17], True),
        # minimum below 0.10, but spread out: one person's photo among others'
        ([0.05, 0.7, 0.8, 0.9], False),
        # minimum below 0.20 needs both: range below 0.03 and variance below 0.001
        ([0.15, 0.16, 0.17], True),
        ([0.15, 0.16, 0.185], False),
        ([0.21, 0.211, 0.212], False),
        ([], False),
    ],
)
def test_an_index_is_degenerate_when_its_nearest_are_too_small_and_too_alike(
    distances: list[float], expected: bool
) -> None:
    assert is_degenerate(np.array(distances, np.float32)) is expected


def test_only_the_twenty_nearest_decide_whether_an_index_is_degenerate() -> None:
    assert is_degenerate(np.array([0.05] * 20 + [1.0] * 80, np.float32))


def test_a_degenerate_index_is_left_out_and_its_own_entries_with_it() -> None:
    flat = neighbours(dict.fromkeys(range(10, 30), 0.05))
    good = neighbours(dict(enumerate(FAR)))
    for found, used in (
        (fuse(flat, good, names), "arcface_distance"),
        (fuse(good, flat, names), "facenet_distance"),
    ):
        assert [c.universal_id for c in found] == [f"stashdb.org:{i}" for i in range(len(FAR))]
        assert all(c.distance == getattr(c, used) for c in found)


def test_when_both_are_degenerate_facenet_alone_counts() -> None:
    found = fuse(neighbours({1: 0.01, 2: 0.02}), neighbours({1: 0.03, 3: 0.02}), names)
    assert [(c.universal_id, round(c.distance, 3)) for c in found] == [
        ("stashdb.org:1", 0.01),
        ("stashdb.org:2", 0.02),
    ]


lists = st.dictionaries(st.integers(-2, 60), st.floats(0, 2, width=32), max_size=60)


@given(lists, lists)
def test_whatever_the_indices_say_performers_are_unique_and_sorted_by_distance(
    f: dict[int, float], a: dict[int, float]
) -> None:
    found: list[Candidate] = fuse(
        neighbours(f), neighbours(a), lambda i: f"p{i % 7}" if 0 <= i < 50 else None
    )
    distances = [c.distance for c in found]
    assert distances == sorted(distances)
    assert len({c.universal_id for c in found}) == len(found)
    assert all(0 <= d <= 2 for d in distances)


@given(lists.filter(bool))
def test_exchanging_the_indices_keeps_every_distance_when_both_count(pairs: dict[int, float]) -> None:
    other = {i: 2 - d for i, d in pairs.items()}
    if is_degenerate(neighbours(pairs).distances) or is_degenerate(neighbours(other).distances):
        return
    one = {c.universal_id: c.distance for c in fuse(neighbours(pairs), neighbours(other), names)}
    two = {c.universal_id: c.distance for c in fuse(neighbours(other), neighbours(pairs), names)}
    assert one.keys() == two.keys()
    assert all(one[k] == pytest.approx(two[k]) for k in one)
