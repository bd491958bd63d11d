"""Pictures for tests, written by real encoders."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 180, 30), (30, 30, 200), (240, 240, 240)
WIDTH, HEIGHT = 64, 48


def quadrants() -> Image.Image:
    """64 x 48: red, green / blue, white. No turn or mirror image of it is equal to it."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), RED)
    picture.paste(GREEN, (WIDTH // 2, 0, WIDTH, HEIGHT // 2))
    picture.paste(BLUE, (0, HEIGHT // 2, WIDTH // 2, HEIGHT))
    picture.paste(WHITE, (WIDTH // 2, HEIGHT // 2, WIDTH, HEIGHT))
    return picture


def encode(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The content of a file of format `kind`, by Pillow's encoder."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def corners(pixels: NDArray[np.uint8]) -> list[tuple[int, int, int]]:
    """The colours in the middle of the four quadrants: top left, top right, bottom left, bottom right."""
    height, width, _ = pixels.shape
    places = [(y, x) for y in (height // 4, height * 3 // 4) for x in (width // 4, width * 3 // 4)]
    return [(int(pixels[p][0]), int(pixels[p][1]), int(pixels[p][2])) for p in places]


def near(seen: list[tuple[int, int, int]], expected: list[tuple[int, int, int]], within: int = 12) -> bool:
    """Whether the colours agree as well as lossy formats keep them."""
    return bool(np.abs(np.array(seen) - np.array(expected)).max() <= within)


def png_header_only(width: int, height: int) -> bytes:
    """A PNG that claims dimensions and holds no pixel."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def without_adobe_marker(jpeg: bytes) -> bytes:
    """The same JPEG without its APP14 segment."""
    start = jpeg.index(b"\xff\xee")
    length = struct.unpack(">H", jpeg[start + 2 : start + 4])[0]
    return jpeg[:start] + jpeg[start + 2 + length :]
