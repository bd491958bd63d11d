"""A decoded frame, of any pixel format, as a viewer would show it: upright, square pixels, 8-bit RGB."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

# ITU-T H.273: transfer characteristics 16 is PQ (SMPTE ST 2084).
_PQ: Final = 16
# So many cd/m2 of an HDR picture become white; what is brighter is lamps and their reflections, not faces.
_WHITE_NITS: Final = 203.0
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
        pixels: NDArray[np.uint8] = np.take(_pq_table(), deep)
    else:
        pixels = frame.to_ndarray(format="rgb24", width=width).astype(np.uint8, copy=False)
    # The container's display matrix, counter-clockwise.
    turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(pixels, turns) if turns else pixels)


@cache
def _pq_table() -> NDArray[np.uint8]:
    """uint8 (65536,): 16-bit PQ code to an sRGB value.

    SMPTE ST 2084 to cd/m2, divided by the white; the shoulder x / (1 + x) above one half keeps what lies
    beyond white apart; then sRGB's own curve. Primaries stay: faces become a little paler, not other faces.
    """
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    code = np.linspace(0, 1, 65536) ** (1 / m2)
    light = 10000 * (np.maximum(code - c1, 0) / (c2 - c3 * code)) ** (1 / m1) / _WHITE_NITS
    over = np.maximum(light - 0.5, 0)
    light = np.minimum(light, 0.5) + 0.5 * over / (over + 0.5)
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(255 * np.clip(curve, 0, 1)).astype(np.uint8)
