"""A picture as the pose models are shown it. Pure.

MediaPipe skips pixels where it makes a large picture small, and then overlooks people. So pictures come to it
in a size at which little is skipped; that is also less to carry to another process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from stash_sense.signals.body.pose import Pose

# Pixels. The models see 224 and 256 pixels of a person.
LONGEST_SIDE: Final = 1280


@dataclass(frozen=True, eq=False)
class Frame:
    """The picture, made smaller where it is large.

    Attributes:
        image: uint8 (height, width, 3), RGB.
        scale: float64 (2,), the frame's pixels for one of the picture's, in x and in y.
    """

    image: NDArray[np.uint8]
    scale: NDArray[np.float64]

    @classmethod
    def of(cls, picture: NDArray[np.uint8]) -> Self:
        """The frame of uint8 (height, width, 3), RGB."""
        height, width = picture.shape[:2]
        scale = min(1.0, LONGEST_SIDE / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = picture if scale == 1 else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        return cls(np.asarray(image, np.uint8), np.array(size) / (width, height))

    def back(self, pose: Pose) -> Pose:
        """A pose in the frame as a pose in the picture."""
        return Pose((pose.points / self.scale).astype(np.float32), pose.visibility)
