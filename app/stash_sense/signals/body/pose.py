"""A pose: where MediaPipe sees the joints of one person in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

LANDMARKS: Final = 33


class Joint(IntEnum):
    """The landmarks that are used, by their number in MediaPipe's pose model. Left is the person's left."""

    NOSE = 0
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28


# Nose, eyes and mouth. The ears, numbers 7 and 8, lie on the outline of a face or beyond it.
FACE: Final[tuple[int, ...]] = (0, 1, 2, 3, 4, 5, 6, 9, 10)


@dataclass(frozen=True, eq=False)
class Pose:
    """One person's landmarks.

    Attributes:
        points: float32 (33, 2), x and y in pixels of the analysed image; may lie outside it.
        visibility: float32 (33,), how surely each point is seen, 0 to 1.
    """

    points: NDArray[np.float32]
    visibility: NDArray[np.float32]
