"""What the detector and the embedders say of one face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Detection:
    """A face as the detector sees it.

    Attributes:
        box: x1, y1, x2, y2 in pixels of the analysed image; may reach beyond its borders.
        score: the detector's confidence, 0 to 1.
        landmarks: float32 (5, 2): left eye, right eye, nose, left and right corner of the mouth, in pixels.
    """

    box: tuple[float, float, float, float]
    score: float
    landmarks: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class DetectedFace(Detection):
    """A detection with its embeddings.

    Attributes:
        facenet: float32 (512,), mean of the crop's and its mirror image's vector, not normalised.
        arcface: float32 (512,), likewise.
    """

    facenet: NDArray[np.float32]
    arcface: NDArray[np.float32]
