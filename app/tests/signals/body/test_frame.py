from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stash_sense.signals.body.frame import LONGEST_SIDE, Frame
from stash_sense.signals.body.landmarker import PoseLandmarkerProcess
from stash_sense.signals.body.pose import LANDMARKS, Joint, Pose
from tests.conftest import read_photo
from tests.database.photos import beside


@pytest.mark.parametrize(
    ("width", "height"), [(1, 1), (1280, 720), (1281, 1), (3000, 2000), (1, 5000), (4999, 3)]
)
def test_a_point_of_the_picture_comes_back_to_its_place(width: int, height: int) -> None:
    frame = Frame.of(np.zeros((height, width, 3), np.uint8))
    assert max(frame.image.shape) == min(LONGEST_SIDE, max(width, height)) or max(width, height) < 3
    corner = np.array([frame.image.shape[1], frame.image.shape[0]], np.float32)
    pose = Pose(np.tile(corner, (LANDMARKS, 1)), np.ones(LANDMARKS, np.float32))
    assert frame.back(pose).points[0] == pytest.approx([width, height], abs=0.01)


def test_a_small_picture_is_shown_as_it_is() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (50, 80, 3), np.uint8)
    assert (Frame.of(picture).image == picture).all()


def test_both_of_two_people_are_found_in_a_large_picture(
    landmarker: PoseLandmarkerProcess, faces_dir: Path, tmp_path: Path
) -> None:
    pair = [faces_dir / f"probe/{name}_from_two.jpg" for name in ("obama", "biden")]
    beside(*pair, tmp_path / "both.jpg", 1)
    with Image.open(tmp_path / "both.jpg") as picture:
        middle = picture.width * 1434 / (1434 + 970)
    frame = Frame.of(read_photo(tmp_path / "both.jpg"))
    noses = sorted(frame.back(pose).points[Joint.NOSE][0] for pose in landmarker.detect(frame.image))
    assert len(noses) == 2
    assert noses[0] < middle < noses[1]
