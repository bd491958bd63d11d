"""From HDR (PQ, BT.2020) to what an ordinary screen, and a face model, expects.

FFmpeg's own conversion is exact, and takes seconds a frame.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

# So many cd/m2 become white (ITU-R BT.2408); what is brighter is lamps and their reflections, not faces.
_WHITE_NITS: Final = 203.0
# Where brightness ends, in whites.
_BRIGHTEST: Final = 16.0
# Linear BT.2020 to linear BT.709, ITU-R BT.2087 inverted.
_TO_709: Final = np.array(
    [[1.6605, -0.5877, -0.0728], [-0.1246, 1.1330, -0.0084], [-0.0182, -0.1006, 1.1187]], np.float32
)


def pq_to_rgb(deep: NDArray[np.uint16], *, wide: bool) -> NDArray[np.uint8]:
    """PQ-coded RGB to sRGB.

    Args:
        deep: uint16 (height, width, 3), RGB, the whole range.
        wide: whether the primaries are BT.2020's.

    Returns:
        uint8 of the same shape.
    """
    light: NDArray[np.float32] = np.take(_light_of_pq(), deep)
    if wide:
        light = np.asarray(cv2.transform(light, _TO_709), np.float32)
    np.clip(light, 0, _BRIGHTEST, out=light)
    # The root spends the table's entries where eyes do.
    np.sqrt(light, out=light)
    light *= 65535 / _BRIGHTEST**0.5
    return np.take(_srgb_of_root(), light.astype(np.uint16))


@cache
def _light_of_pq() -> NDArray[np.float32]:
    """float32 (65536,): 16-bit PQ code to linear light, 1 being white. SMPTE ST 2084."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    code = np.linspace(0, 1, 65536) ** (1 / m2)
    light = (np.maximum(code - c1, 0) / (c2 - c3 * code)) ** (1 / m1)
    return (light * 10000 / _WHITE_NITS).astype(np.float32)


@cache
def _srgb_of_root() -> NDArray[np.uint8]:
    """uint8 (65536,): root of linear light, in 65535ths of the brightest's, to sRGB.

    Up to three quarters of white as it is; above, (x - t) / (1 + (x - t) / (1 - t)) keeps lamps apart.
    """
    light = _BRIGHTEST * np.linspace(0, 1, 65536) ** 2
    knee = 0.75
    over = np.maximum(light - knee, 0)
    light = np.minimum(light, knee) + over / (1 + over / (1 - knee))
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(255 * np.clip(curve, 0, 1)).astype(np.uint8)
