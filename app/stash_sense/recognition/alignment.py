"""The crop that the embedders see."""

from __future__ import annotations

import warnings
from typing import Final

import numpy as np
from insightface.utils.face_align import norm_crop
from numpy.typing import NDArray

CROP_SIZE: Final = 112

# insightface 2.1 calls a scikit-image method that is deprecated but present in the locked version.
warnings.filterwarnings("ignore", category=FutureWarning, module=r"insightface\.utils\.face_align")


def aligned_crop(image: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Bring a face into InsightFace's reference pose by a 5-point similarity transform.

    Args:
        image: uint8 (height, width, 3), RGB.
        landmarks: float32 (5, 2), in pixels of the image.

    Returns:
        uint8 (112, 112, 3), RGB; black where it reaches beyond the image.
    """
    crop: NDArray[np.uint8] = norm_crop(image, landmarks, image_size=CROP_SIZE)
    return crop
