"""A scene's cover as one more frame of its film."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from stash_sense.media.decode import ImageLimits, decode_image
from stash_sense.media.sniff import SVG, describe


def is_placeholder(data: bytes) -> bool:
    """Whether this is what Stash shows for a scene without a cover: a drawing, not a picture."""
    return describe(data) == SVG


def cover_frame(data: bytes, limits: ImageLimits, video_width: int) -> NDArray[np.uint8]:
    """The cover's pixels, uint8 (height, width, 3) RGB, as wide as the film when it is a thumbnail.

    Faces of a thumbnail would be too small for the smallest size that counts in the film.

    Args:
        video_width: in pixels; 0 when nothing is known of it.

    Raises:
        ImageError: not a picture that is accepted.
    """
    pixels = decode_image(data, limits)
    height, width = pixels.shape[:2]
    if width >= video_width:
        return pixels
    factor = min(video_width / width, (limits.max_pixels / (width * height)) ** 0.5)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8)
