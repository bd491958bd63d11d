"""The pose process: the only place where MediaPipe runs.

A process of its own, started by ``landmarker.py``, because MediaPipe wants to talk to its maker, and here
cannot (``no_network.py``); writes to standard error as it pleases, which the sidecar reads; takes seconds to
be imported; and may crash without taking the sidecar along. Frames come on standard input; it ends with them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from stash_sense.signals.body.messages import Kind, pack_poses, read_frame, write_answer
from stash_sense.signals.body.no_network import leave_network
from stash_sense.signals.body.pose import Pose

if TYPE_CHECKING:
    from mediapipe.tasks.python.vision import PoseLandmarker

# People in a picture that are looked for at most. Each that is found costs time, room for more does not.
_MAX_POSES: Final = 10


def main() -> int:
    # Whatever else writes to standard output must not get between the answers.
    with os.fdopen(os.dup(1), "wb") as answers, os.fdopen(0, "rb") as frames:
        os.dup2(2, 1)
        try:
            leave_network()
            landmarker = _load(Path(sys.argv[1]))
            _detect(landmarker, np.zeros((64, 64, 3), np.uint8))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer to "why no body"
            write_answer(answers, Kind.ERROR, _say(error))
            return 1
        write_answer(answers, Kind.READY)
        while (frame := read_frame(frames)) is not None:
            try:
                poses = _detect(landmarker, frame)
            except Exception as error:  # noqa: BLE001 - of this picture only; the next may do
                write_answer(answers, Kind.ERROR, _say(error))
            else:
                write_answer(answers, Kind.POSES, pack_poses(poses))
    return 0


def _load(model: Path) -> PoseLandmarker:
    from mediapipe.tasks.python import BaseOptions  # noqa: PLC0415 - after the network has been left
    from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions  # noqa: PLC0415

    # The bytes, not the path: what cannot be opened is then Python's clear error.
    base = BaseOptions(model_asset_buffer=model.read_bytes(), delegate=BaseOptions.Delegate.CPU)
    return PoseLandmarker.create_from_options(PoseLandmarkerOptions(base_options=base, num_poses=_MAX_POSES))


def _detect(landmarker: PoseLandmarker, image: NDArray[np.uint8]) -> list[Pose]:
    from mediapipe import Image, ImageFormat  # noqa: PLC0415 - as above

    height, width = image.shape[:2]
    found = landmarker.detect(Image(image_format=ImageFormat.SRGB, data=image))
    return [_pose(landmarks, width, height) for landmarks in found.pose_landmarks]


def _pose(landmarks: list[Any], width: int, height: int) -> Pose:
    """MediaPipe's coordinates are fractions of the picture's sides."""
    points = np.array([(mark.x * width, mark.y * height) for mark in landmarks], np.float32)
    visibility = np.array([mark.visibility or 0.0 for mark in landmarks], np.float32)
    return Pose(points, visibility)


def _say(error: Exception) -> bytes:
    return f"{type(error).__name__}: {' '.join(str(error).split())}".encode()


if __name__ == "__main__":
    sys.exit(main())
