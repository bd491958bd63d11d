"""The recipe "how a face becomes a vector", against vectors that were made apart from this code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from stash_sense.inference.detector_cache import detector_path
from stash_sense.inference.manifest import InputSpec, load_manifest
from stash_sense.inference.sessions import CPU
from stash_sense.recognition.detector import FaceDetector
from stash_sense.recognition.embedding import prepare
from stash_sense.recognition.engine import Engine
from stash_sense.recognition.faces import DetectedFace
from stash_sense.settings import Settings
from tests.conftest import read_photo

PHOTOS = [
    "people/astronaut/astronaut.png",
    "people/biden/2.jpg",
    "people/obama/1.jpg",
    "people/obama/5.jpg",
    "people/obama/partial1.jpg",
    "people/obama/partial2.jpg",
    "probe/biden_from_two.jpg",
    "probe/obama.jpg",
    "probe/obama_from_two.jpg",
    "probe/solvay_1927.jpg",
    "probe/two_people.jpg",
]


def cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


@pytest.fixture(scope="module")
def golden(faces_dir: Path) -> dict[str, NDArray[np.float32]]:
    with np.load(faces_dir / "golden.npz") as archive:
        return dict(archive)


@pytest.mark.parametrize("photo", PHOTOS)
def test_every_face_has_the_golden_landmarks_and_vectors(
    engine: Engine, faces_dir: Path, golden: dict[str, NDArray[np.float32]], photo: str
) -> None:
    found: list[DetectedFace] = engine.pipeline.analyse(read_photo(faces_dir / photo))
    rows = [i for i, face in enumerate(golden["face"]) if str(face).rpartition("#")[0] == photo]
    assert len(found) == len(rows)
    for face, row in zip(found, rows, strict=True):
        assert np.abs(face.landmarks - golden["landmarks"][row]).max() <= 1.0
        assert face.score == pytest.approx(float(golden["score"][row]), abs=0.01)
        assert cosine(face.facenet, golden["facenet"][row]) >= 0.99
        assert cosine(face.arcface, golden["arcface"][row]) >= 0.99


def test_the_golden_list_of_photos_is_complete(golden: dict[str, NDArray[np.float32]]) -> None:
    assert sorted({str(face).rpartition("#")[0] for face in golden["face"]}) == PHOTOS


def test_a_crowd_larger_than_one_run_gets_the_same_vectors_as_one_by_one(engine: Engine) -> None:
    crops = np.random.default_rng(1).integers(0, 256, (37, 112, 112, 3), np.uint8)
    together = engine.pipeline.facenet.embed(crops)
    for i in (0, 15, 16, 31, 36):
        assert cosine(together[i], engine.pipeline.facenet.embed(crops[i : i + 1])[0]) > 0.9999


def test_no_crops_give_no_vectors(engine: Engine) -> None:
    assert engine.pipeline.arcface.embed(np.empty((0, 112, 112, 3), np.uint8)).shape == (0, 512)


def test_an_oblong_crop_is_letterboxed_with_black_and_keeps_its_aspect() -> None:
    spec = InputSpec(layout="NHWC", channels="RGB", width=160, height=160, mean=127.5, scale=127.5)
    rows = prepare(np.full((1, 40, 80, 3), 255, np.uint8), spec)
    assert rows.shape == (1, 160, 160, 3)
    assert (rows[0, :40] == -1).all()
    assert (rows[0, 40:120] == 1).all()
    assert (rows[0, 120:] == -1).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (2, 3), (640, 1)])
def test_a_picture_without_room_for_a_face_has_none(engine: Engine, shape: tuple[int, int]) -> None:
    assert engine.pipeline.analyse(np.zeros((*shape, 3), np.uint8)) == []


def test_the_session_that_is_asked_where_it_runs_is_the_one_that_detects(
    engine_settings: Settings, insightface_home: Path
) -> None:
    spec = load_manifest(engine_settings.models_dir).model("detector")
    assert spec.input is not None
    detector = FaceDetector(detector_path(spec, insightface_home), spec.input, [CPU])
    detector.detect(np.zeros((100, 100, 3), np.uint8), 0.5)
    assert [id(session) for session in detector._model.resolution_sessions.values()] == [
        id(detector._session)
    ]
