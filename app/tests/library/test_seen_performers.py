"""From the faces of a picture to who was seen in it, and where."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_sense.database.records import Performer
from stash_sense.library.image_fingerprint import RelativeBox, seen_performers
from stash_sense.recognition.faces import DetectedFace
from stash_sense.recognition.fusion import Candidate
from stash_sense.recognition.recogniser import IdentifiedFace, PerformerMatch

UUID = "50459d16-787c-47c9-8ce9-a4cac9404324"
Box = tuple[float, float, float, float]


def face(*matches: tuple[str, float], box: Box = (10, 20, 30, 60)) -> IdentifiedFace:
    detected = DetectedFace(
        box, 0.9, np.zeros((5, 2), np.float32), np.zeros(512, np.float32), np.zeros(512, np.float32)
    )
    found = (
        PerformerMatch(
            Performer(universal_id, "somebody", None, None, 1),
            Candidate(universal_id, distance=distance, facenet_distance=distance, arcface_distance=distance),
        )
        for universal_id, distance in matches
    )
    return IdentifiedFace(detected, tuple(found))


def test_a_performer_is_known_by_the_id_that_answers_and_older_fingerprints_have() -> None:
    (seen,) = seen_performers([face((f"stashdb.org:{UUID}", 0.25))], 100, 200)
    assert seen.performer_id == UUID
    assert (seen.confidence, seen.distance) == (0.75, 0.25)
    assert seen.box == RelativeBox(0.1, 0.1, pytest.approx(0.2), pytest.approx(0.2))


def test_a_face_counts_for_its_best_match_only_and_one_without_counts_for_nobody() -> None:
    seen = seen_performers([face(("a:1", 0.2), ("a:2", 0.3)), face()], 100, 100)
    assert [one.performer_id for one in seen] == ["1"]


def test_of_several_faces_of_one_performer_the_nearest_is_kept() -> None:
    near = (50.0, 50.0, 60.0, 60.0)
    seen = seen_performers(
        [face(("a:1", 0.4)), face(("a:1", 0.1), box=near), face(("a:2", 0.3)), face(("a:1", 0.2))], 100, 100
    )
    assert [(one.performer_id, one.distance) for one in seen] == [("1", 0.1), ("2", 0.3)]
    assert (seen[0].box.x, seen[0].box.y) == (0.5, 0.5)


@given(
    st.tuples(*[st.floats(-500, 1500)] * 4).filter(lambda b: b[0] <= b[2] and b[1] <= b[3]),
    st.integers(1, 1000),
    st.integers(1, 1000),
)
def test_a_box_never_leaves_the_picture(box: Box, width: int, height: int) -> None:
    (seen,) = seen_performers([face(("a:1", 0.1), box=box)], width, height)
    place = seen.box
    assert 0 <= place.x <= 1
    assert 0 <= place.y <= 1
    assert 0 <= place.width <= 1 - place.x + 1e-9
    assert 0 <= place.height <= 1 - place.y + 1e-9
