"""The tattoo signal with files of its own kind, and what is said when one of them is not right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stash_sense.database.load import FaceDatabase, load_database
from stash_sense.recognition.faces import DetectedFace
from stash_sense.recognition.fusion import Candidate
from stash_sense.settings import Settings
from stash_sense.signals.signal import Picture
from stash_sense.signals.tattoo.signal import TattooSignal
from tests.database.release import Release, universal_id
from tests.signals.tattoo.ink import tattooed, write_files, write_index
from tests.signals.tattoo.models import write_embedder

FIRST, SECOND, THIRD = (universal_id(number) for number in range(3))
# The third has no tattoo; position 1 is a gap.
OWNERS = {0: FIRST, 3: None, 1: SECOND}


@pytest.fixture
def database(release: Release) -> FaceDatabase:
    return load_database(release.directory)


def signal_of(data_dir: Path, database: FaceDatabase) -> TattooSignal:
    signal = TattooSignal(Settings(data_dir=data_dir, require_gpu="false"))
    signal.prepare(database)
    return signal


def picture_of(image: np.ndarray, *names: str) -> Picture:
    vector = np.ones(512, np.float32)
    face = DetectedFace((0, 0, 9, 9), 0.9, np.zeros((5, 2), np.float32), vector, vector)
    return Picture(image, [face], [[Candidate(name, 0.3, 0.3, 0.3) for name in names]])


SKIN = np.full((600, 500, 3), 170, np.uint8)


@pytest.mark.parametrize(("quarter", "owner"), [(0, FIRST), (1, SECOND)])
def test_the_owner_of_a_tattoo_that_is_seen_weighs_more(
    tmp_path: Path, database: FaceDatabase, quarter: int, owner: str
) -> None:
    write_files(tmp_path, OWNERS)
    signal = signal_of(tmp_path, database)
    assert signal.availability(database).state == "ok"
    assert "2 performers" in signal.availability(database).reason
    opinion = signal.weigh(database, picture_of(tattooed(SKIN, quarter), FIRST, SECOND, THIRD))
    [weights] = opinion.weights
    assert weights[owner] == 1.2
    assert {weight for name, weight in weights.items() if name != owner} == {1.0}
    assert opinion.compared == 2
    assert opinion.reason.startswith("1 tattoo seen, 1 recognised")


@pytest.mark.parametrize("quarter", [2, 3])
def test_a_tattoo_of_nobody_known_changes_nothing(
    tmp_path: Path, database: FaceDatabase, quarter: int
) -> None:
    write_files(tmp_path, OWNERS)
    opinion = signal_of(tmp_path, database).weigh(
        database, picture_of(tattooed(SKIN, quarter), FIRST, SECOND)
    )
    assert [set(said.values()) for said in opinion.weights] == [{1.0}]


def test_bare_skin_and_candidates_without_tattoos_leave_it_silent(
    tmp_path: Path, database: FaceDatabase
) -> None:
    write_files(tmp_path, OWNERS)
    signal = signal_of(tmp_path, database)
    bare = signal.weigh(database, picture_of(SKIN, FIRST, SECOND))
    unknown = signal.weigh(database, picture_of(tattooed(SKIN, 0), THIRD))
    assert (bare.compared, unknown.compared) == (0, 0)
    assert "no tattoo is seen" in bare.reason
    assert "no candidate" in unknown.reason


def test_files_of_the_release_stand_before_those_in_the_data_folder(
    tmp_path: Path, database: FaceDatabase
) -> None:
    write_files(tmp_path, {0: SECOND})
    write_files(database.directory, {0: FIRST})
    signal = signal_of(tmp_path, database)
    [weights] = signal.weigh(database, picture_of(tattooed(SKIN, 0), FIRST, SECOND)).weights
    assert weights == {FIRST: 1.2}


def _other_dimensions(folder: Path) -> None:
    write_embedder(folder / "tattoo_embedder.onnx", dimensions=8)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "tattoo_detector.onnx").unlink(), ["tattoo_detector.onnx is missing"]),
        (
            lambda folder: [path.unlink() for path in folder.glob("tattoo_*.onnx")],
            ["tattoo_detector.onnx, tattoo_embedder.onnx are missing", "ENABLE_TATTOO_SIGNAL=false"],
        ),
        (lambda folder: (folder / "tattoo_detector.onnx").write_bytes(b"x"), ["tattoo_detector.onnx"]),
        (_other_dimensions, ["tattoo_embeddings.voy: 12-dimensional; 8 dimensions are needed"]),
        (lambda folder: (folder / "tattoo_embeddings.voy").write_bytes(b"VOYA"), ["tattoo_embeddings.voy"]),
        (lambda folder: (folder / "tattoo_embeddings.json").write_text("{"), ["tattoo_embeddings.json"]),
        (lambda folder: (folder / "tattoo_embeddings.json").write_text("[1]"), ["tattoo_embeddings.json"]),
    ],
)
def test_a_file_that_is_missing_or_wrong_makes_it_unavailable_and_is_named(
    tmp_path: Path, database: FaceDatabase, damage: Callable[[Path], object], words: list[str]
) -> None:
    write_files(tmp_path, OWNERS)
    damage(tmp_path)
    found = signal_of(tmp_path, database).availability(database)
    assert found.state == "unavailable"
    assert all(word in found.reason for word in words), found.reason
    assert "\n" not in found.reason


def test_names_that_end_before_the_index_does_leave_the_rest_unknown(
    tmp_path: Path, database: FaceDatabase
) -> None:
    write_files(tmp_path, OWNERS)
    (tmp_path / "tattoo_embeddings.json").write_text(f'["{FIRST}"]', "utf-8")
    signal = signal_of(tmp_path, database)
    [weights] = signal.weigh(database, picture_of(tattooed(SKIN, 1), FIRST, SECOND)).weights
    assert weights == {FIRST: 1.0}


def test_a_database_that_is_exchanged_keeps_its_own_tattoos(
    tmp_path: Path, database: FaceDatabase, release: Release
) -> None:
    write_files(tmp_path, {0: FIRST})
    signal = signal_of(tmp_path, database)
    newer = load_database(release.directory)
    write_index(tmp_path, {0: SECOND})
    signal.prepare(newer)
    picture = picture_of(tattooed(SKIN, 0), FIRST, SECOND)
    assert signal.weigh(database, picture).weights == [{FIRST: 1.2}]
    assert signal.weigh(newer, picture).weights == [{SECOND: 1.2}]
