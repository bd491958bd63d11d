"""What the sidecar and its pose process say to each other: frames one way, answers the other, over pipes."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from stash_sense.signals.body.pose import LANDMARKS, Pose

_FRAME: Final = struct.Struct("<II")
_ANSWER: Final = struct.Struct("<BI")
_COLUMNS: Final = 3


class Kind(IntEnum):
    """Kinds of answers."""

    READY = 0
    POSES = 1
    ERROR = 2


def write_frame(stream: BinaryIO, image: NDArray[np.uint8]) -> None:
    """Send uint8 (height, width, 3), RGB. Raises ``OSError`` when nobody reads."""
    stream.write(_FRAME.pack(*image.shape[:2]))
    stream.write(np.ascontiguousarray(image).data)
    stream.flush()


def read_frame(stream: BinaryIO) -> NDArray[np.uint8] | None:
    """The next frame; None when there will be no more."""
    head = stream.read(_FRAME.size)
    if len(head) < _FRAME.size:
        return None
    height, width = _FRAME.unpack(head)
    pixels = stream.read(height * width * 3)
    if len(pixels) < height * width * 3:
        return None
    return np.frombuffer(pixels, np.uint8).reshape(height, width, 3)


def write_answer(stream: BinaryIO, kind: Kind, payload: bytes = b"") -> None:
    stream.write(_ANSWER.pack(kind, len(payload)) + payload)
    stream.flush()


def read_answer(stream: BinaryIO) -> tuple[Kind, bytes]:
    """The next answer; ``EOFError`` when the other side has ended."""
    kind, length = _ANSWER.unpack(_exactly(stream, _ANSWER.size))
    return Kind(kind), _exactly(stream, length)


def pack_poses(poses: list[Pose]) -> bytes:
    rows = [np.column_stack((pose.points, pose.visibility)) for pose in poses]
    return np.asarray(rows, np.float32).tobytes()


def unpack_poses(payload: bytes) -> list[Pose]:
    table = np.frombuffer(payload, np.float32).reshape(-1, LANDMARKS, _COLUMNS)
    return [Pose(points=rows[:, :2], visibility=rows[:, 2]) for rows in table]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
