"""The body signal by itself: what makes it unavailable, and that it comes back."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from stash_sense.database.load import FaceDatabase, load_database
from stash_sense.recognition.engine import Engine
from stash_sense.recognition.recogniser import search
from stash_sense.signals.body.signal import BodySignal
from stash_sense.signals.signal import Picture, SignalError
from tests.conftest import read_photo
from tests.signals.databases import with_proportions

WAIT_SECONDS = 60


@pytest.fixture(scope="module")
def database(people_database: Path, tmp_path_factory: pytest.TempPathFactory) -> FaceDatabase:
    """Obama is known as he measures in the photo, Biden as somebody much broader."""
    known = {"obama": [(1.7, 0.9)], "biden": [(2.4, 0.9)]}
    return load_database(
        with_proportions(people_database, tmp_path_factory.mktemp("known") / "people", known)
    )


def started(models_dir: Path, database: FaceDatabase) -> BodySignal:
    """A signal that has the database and has loaded, or failed to."""
    body = BodySignal(models_dir)
    body.prepare(database)
    wait_while_starting(body, database)
    return body


def wait_while_starting(body: BodySignal, database: FaceDatabase) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while body.availability(database).state == "starting" and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.fixture(scope="module")
def body(models_dir: Path, database: FaceDatabase) -> Iterator[BodySignal]:
    body = started(models_dir, database)
    yield body
    body.stop()


@pytest.fixture(scope="module")
def photo(faces_dir: Path) -> NDArray[np.uint8]:
    return read_photo(faces_dir / "probe/obama_from_two.jpg")


@pytest.fixture(scope="module")
def picture(engine: Engine, database: FaceDatabase, photo: NDArray[np.uint8]) -> Picture:
    faces = engine.pipeline.analyse(photo)
    return Picture(photo, faces, search(database, faces))


def by_name(database: FaceDatabase, weights: dict[str, float]) -> dict[str, float]:
    return {database.performers[i].name: weight for i, weight in weights.items()}


def test_candidates_are_weighed_by_how_far_their_shoulder_to_hip_ratio_is(
    body: BodySignal, database: FaceDatabase, picture: Picture
) -> None:
    opinion = body.weigh(database, picture)
    assert [by_name(database, dict(said)) for said in opinion.weights] == [{"obama": 1.0, "biden": 0.3}]
    assert opinion.compared == 2
    assert "1 of 1 faces" in opinion.reason
    [measured] = opinion.bodies
    assert measured is not None
    assert measured.shoulder_hip == pytest.approx(1.69, abs=0.1)


def test_a_huge_picture_gives_the_same_ratio(
    body: BodySignal, database: FaceDatabase, picture: Picture
) -> None:
    times = 3
    large = np.repeat(np.repeat(picture.image, times, axis=0), times, axis=1)
    [face] = picture.faces
    box = tuple(side * times for side in face.box)
    enlarged = type(face)(box, face.score, face.landmarks * times, face.facenet, face.arcface)
    [measured] = body.weigh(database, Picture(large, [enlarged], picture.candidates)).bodies
    assert measured is not None
    assert measured.shoulder_hip == pytest.approx(1.69, abs=0.1)


def test_a_face_whose_body_is_not_in_the_picture_changes_nothing(
    body: BodySignal, database: FaceDatabase, picture: Picture
) -> None:
    [face] = picture.faces
    x1, y1, x2, y2 = (round(side) for side in face.box)
    head = np.ascontiguousarray(picture.image[y1:y2, x1:x2])
    moved = type(face)((0, 0, x2 - x1, y2 - y1), face.score, face.landmarks, face.facenet, face.arcface)
    opinion = body.weigh(database, Picture(head, [moved], picture.candidates))
    assert opinion.compared == 0
    assert [dict(said) for said in opinion.weights] == [{}]


def test_nobody_is_measured_when_no_candidate_is_known(
    body: BodySignal, people_database: Path, picture: Picture
) -> None:
    ignorant = load_database(people_database)
    body.prepare(ignorant)
    opinion = body.weigh(ignorant, picture)
    assert (opinion.compared, list(opinion.bodies)) == (0, [])
    assert "no candidate" in opinion.reason


def test_several_threads_get_their_own_answers(
    body: BodySignal, database: FaceDatabase, picture: Picture
) -> None:
    nobody = Picture(np.zeros_like(picture.image), picture.faces, picture.candidates)
    answers: list[bool] = []

    def ask(of: Picture, expected: int) -> None:
        answers.append(body.weigh(database, of).compared == expected)

    threads = [
        threading.Thread(target=ask, args=(of, expected)) for of, expected in [(picture, 2), (nobody, 0)] * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 8


@pytest.mark.parametrize(
    ("content", "words"), [(None, "pose_landmarker_lite.task is missing"), (b"broken", "is the file whole?")]
)
def test_a_missing_or_broken_model_makes_it_unavailable_and_is_named(
    tmp_path: Path, database: FaceDatabase, content: bytes | None, words: str
) -> None:
    model = tmp_path / "pose_landmarker_lite.task"
    if content is not None:
        model.write_bytes(content)
    body = started(tmp_path, database)
    found = body.availability(database)
    assert found.state == "unavailable"
    assert str(model) in found.reason
    assert words in found.reason
    body.stop()


def test_for_a_database_without_proportions_nothing_is_started(
    models_dir: Path, people_database: Path
) -> None:
    ignorant = load_database(people_database)
    body = started(models_dir, ignorant)
    assert body.availability(ignorant).state == "unavailable"
    assert body.process_id is None
    body.stop()


def test_it_is_stopped_while_it_starts_without_waiting(models_dir: Path, database: FaceDatabase) -> None:
    body = BodySignal(models_dir)
    body.prepare(database)
    body.stop()
    wait_while_starting(body, database)
    assert "ended" in body.availability(database).reason


def test_after_a_crash_it_says_so_and_comes_back_by_itself(
    models_dir: Path, database: FaceDatabase, picture: Picture
) -> None:
    body = started(models_dir, database)
    assert body.process_id is not None
    os.kill(body.process_id, signal.SIGKILL)
    with pytest.raises(SignalError, match="ended with status -9"):
        body.weigh(database, picture)
    wait_while_starting(body, database)
    assert body.weigh(database, picture).compared == 2
    body.stop()
