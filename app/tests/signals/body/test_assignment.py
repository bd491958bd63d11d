from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_sense.recognition.engine import Engine
from stash_sense.recognition.faces import Detection
from stash_sense.signals.body.assignment import poses_of_faces
from stash_sense.signals.body.landmarker import PoseLandmarkerProcess
from stash_sense.signals.body.pose import Joint
from tests.conftest import read_photo
from tests.signals.body.poses import moved, standing


def face(x: float, y: float, half: float = 20) -> Detection:
    return Detection((x - half, y - half, x + half, y + half), 0.9, np.zeros((5, 2), np.float32))


@pytest.mark.parametrize("reverse", [False, True])
def test_each_of_two_people_gets_the_pose_that_contains_the_face_whichever_comes_first(
    engine: Engine, landmarker: PoseLandmarkerProcess, faces_dir: Path, reverse: bool
) -> None:
    photo = read_photo(faces_dir / "probe/two_people.jpg")
    faces, poses = engine.pipeline.analyse(photo), landmarker.detect(photo)
    assert len(faces) == len(poses) == 2
    for found, pose in zip(faces, poses_of_faces(faces, poses[::-1] if reverse else poses), strict=True):
        assert pose is not None
        x1, y1, x2, y2 = found.box
        x, y = pose.points[Joint.NOSE]
        assert x1 < x < x2
        assert y1 < y < y2
        # The detector's own idea of the nose is another model's.
        assert np.abs(pose.points[Joint.NOSE] - found.landmarks[2]).max() < 0.2 * (x2 - x1)


def test_a_face_without_a_pose_has_none_and_a_pose_without_a_face_is_left_over() -> None:
    pose = moved(standing(), (100, 100))
    assert poses_of_faces([face(300, 300)], [pose]) == [None]
    assert poses_of_faces([], [pose]) == []
    assert poses_of_faces([face(100, 100)], []) == [None]


def test_two_poses_on_one_face_leave_it_the_nearer_one() -> None:
    near, far = moved(standing(), (102, 100)), moved(standing(), (112, 100))
    assert poses_of_faces([face(100, 100)], [far, near]) == [near]


def test_where_faces_overlap_each_gets_its_own() -> None:
    left, right = moved(standing(), (100, 100)), moved(standing(), (115, 100))
    assert poses_of_faces([face(100, 100), face(115, 100)], [right, left]) == [left, right]


def test_a_box_without_size_gets_nothing() -> None:
    assert poses_of_faces([face(0, 0, half=0)], [standing()]) == [None]


places = st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), max_size=6)


@given(places, places)
def test_no_pose_belongs_to_two_faces_and_each_lies_in_its_face(
    faces: list[tuple[float, float]], people: list[tuple[float, float]]
) -> None:
    boxes = [face(x, y) for x, y in faces]
    found = poses_of_faces(boxes, [moved(standing(), place) for place in people])
    assert len(found) == len(boxes)
    given_ = [pose for pose in found if pose is not None]
    assert len({id(pose) for pose in given_}) == len(given_)
    for box, pose in zip(boxes, found, strict=True):
        if pose is not None:
            x, y = pose.points[Joint.NOSE]
            assert box.box[0] - 1 <= x <= box.box[2] + 1
            assert box.box[1] - 1 <= y <= box.box[3] + 1
