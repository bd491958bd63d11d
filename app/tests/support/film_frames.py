"""The pictures of test films: photos fitted into the frame, in the colours and the position of the film."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Picture = Path | NDArray[np.uint8] | None

# White paper in PQ, in nits: ITU-R BT.2408.
_WHITE_NITS = 203
# ITU-R BT.2087: linear BT.709 to linear BT.2020.
_TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])


def frame_of(
    picture: Picture, size: tuple[int, int], rotation: int, pixel_format: str, *, hdr: bool
) -> av.VideoFrame:
    """The picture, letterboxed to `size` and then laid on its side against `rotation`."""
    pixels = np.ascontiguousarray(np.rot90(_letterboxed(picture, size), rotation // 90))
    if hdr:
        frame = av.VideoFrame.from_ndarray(_to_pq(pixels), "rgb48le")
        # 9: BT.2020's coefficients.
        return frame.reformat(format=pixel_format, dst_colorspace=9)
    return av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(format=pixel_format)


def _letterboxed(picture: Picture, size: tuple[int, int]) -> NDArray[np.uint8]:
    if picture is None:
        return np.zeros((size[1], size[0], 3), np.uint8)
    if isinstance(picture, Path):
        with Image.open(picture) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
    else:
        image = Image.fromarray(picture)
    return np.asarray(ImageOps.pad(image, size, Image.Resampling.LANCZOS))


def _to_pq(pixels: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """sRGB to PQ (SMPTE ST 2084) in BT.2020, 16 bits."""
    value = pixels / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    nits = np.clip(linear @ _TO_2020.T, 0, 1) * _WHITE_NITS
    power = (nits / 10_000) ** 0.1593017578125
    signal = ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
    encoded: NDArray[np.uint16] = np.round(signal * 65535).astype(np.uint16)
    return encoded


def turned(path: Path, degrees: int) -> None:
    """Let an MP4's or MOV's tracks say that they are to be shown turned clockwise."""
    a, b, c, d = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[degrees % 360]
    one, full = 1 << 16, 1 << 30
    matrix = struct.pack(">9i", a * one, b * one, 0, c * one, d * one, 0, 0, 0, full)
    content = bytearray(path.read_bytes())
    at = content.find(b"tkhd")
    assert at > 0
    # Behind the name: version, flags, five times, layer, group, volume (ISO 14496-12, version 0 of the box).
    content[at + 44 : at + 80] = matrix
    path.write_bytes(content)
