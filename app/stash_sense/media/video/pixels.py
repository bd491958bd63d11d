"""A decoded frame, of any pixel format, as a viewer would show it: upright, square pixels, 8-bit RGB."""

from __future__ import annotations

from typing import Final

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from stash_sense.media.video.hdr import pq_to_rgb

# ITU-T H.273: transfer characteristics 16 is PQ (SMPTE ST 2084), colour primaries 9 is BT.2020.
_PQ: Final = 16
_BT2020: Final = 9
_LARGEST_STRETCH: Final = 4.0


def to_rgb(frame: VideoFrame, aspect: float) -> NDArray[np.uint8]:
    """Convert, stretch to square pixels, and turn.

    Args:
        aspect: width of a pixel divided by its height.

    Returns:
        uint8 (height, width, 3), RGB, C-contiguous; black is 0 and white 255, whatever the film's range.
    """
    width = frame.width
    if 1 / _LARGEST_STRETCH <= aspect <= _LARGEST_STRETCH:
        width = max(1, round(frame.width * aspect))
    if frame.color_trc == _PQ:
        deep = frame.to_ndarray(format="rgb48le", width=width).astype(np.uint16, copy=False)
        pixels = pq_to_rgb(deep, wide=frame.color_primaries == _BT2020)
    else:
        pixels = frame.to_ndarray(format="rgb24", width=width).astype(np.uint8, copy=False)
    # The container's display matrix, counter-clockwise.
    turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(pixels, turns) if turns else pixels)
