"""Bytes to pixels: every picture that people have, in one form; everything else a readable error."""

import base64
import binascii
import io
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
from PIL.ImageFile import ImageFile

from stash_sense.media.colour import to_rgb
from stash_sense.media.limits import ImageError, ImageLimits, check_pixels, check_size
from stash_sense.media.sniff import READABLE, describe

__all__ = ["ImageError", "ImageLimits", "decode_base64", "decode_image"]

# The still-image formats, named one by one: no other plugin of Pillow ever sees the data (some of them
# start programs, such as Ghostscript).
_FORMATS = tuple(
    plugin.format
    for plugin in (
        JpegImagePlugin.JpegImageFile,
        PngImagePlugin.PngImageFile,
        WebPImagePlugin.WebPImageFile,
        AvifImagePlugin.AvifImageFile,
        GifImagePlugin.GifImageFile,
        BmpImagePlugin.BmpImageFile,
        TiffImagePlugin.TiffImageFile,
    )
)
T = TypeVar("T")

_ORIENTATION = 0x0112
_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode_image(data: bytes, limits: ImageLimits) -> NDArray[np.uint8]:
    """Decode a picture file's content to its pixels as a viewer shows them.

    Returns H x W x 3 uint8, RGB, C-contiguous, owned by the caller. The EXIF orientation is applied,
    transparency is laid on white, the first frame stands for an animation. The dimensions are taken from
    the header and checked before a pixel is decoded. Blocking; safe to call from several threads.

    Raises ImageError for anything that is not a complete, readable picture within the limits.
    """
    check_size(len(data), limits)
    image = _guarded(data, lambda: _open(data))
    if image is None:
        raise ImageError(
            f"The data ({len(data)} bytes) is {describe(data)}; expected {READABLE}: convert it first."
        )
    with image:
        check_pixels(*image.size, limits)
        if isinstance(image, TiffImagePlugin.TiffImageFile):
            _check_tiles(image, limits)
        _guarded(data, image.load)
        return _guarded(data, lambda: to_rgb(_upright(image)))


def decode_base64(text: str, limits: ImageLimits) -> bytes:
    """Decode base64, plain or as a `data:` URL; blanks and missing padding are forgiven.

    Raises ImageError for anything else, and, before decoding, for more than `max_bytes`.
    """
    body = text.strip()
    if body[:5].lower() == "data:":
        head, comma, body = body.partition(",")
        if not comma or not head.lower().endswith(";base64"):
            raise ImageError("The data: URL is not base64; expected data:image/...;base64,...: encode it so.")
    body = "".join(body.split()).rstrip("=")
    check_size(len(body) * 3 // 4, limits)
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImageError(
            f"The text of {len(body)} characters is not base64; expected letters, digits, + and / only: "
            "send the image file's content encoded as base64."
        ) from error


def _open(data: bytes) -> ImageFile | None:
    """Read the header with the one plugin that claims the data; None when none of them does.

    Not Image.open: it judges the size by a process-wide limit and warns through process-wide filters, where
    the limits here are the caller's.
    """
    for name in _FORMATS:
        factory, accepts = Image.OPEN[name]
        if accepts is not None and accepts(data[:16]) is True:
            return factory(io.BytesIO(data), "")
    return None


def _guarded(data: bytes, step: Callable[[], T]) -> T:
    try:
        return step()
    except ImageError:
        raise
    except Exception as error:
        # On damaged files the plugins raise nearly anything (OSError, SyntaxError, struct.error, KeyError,
        # OverflowError, MemoryError ...): each of them means the same to the sender.
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise ImageError(
            f"The image ({len(data)} bytes) is damaged, incomplete or of a kind that cannot be read "
            f"({reason}); expected a complete {READABLE} file: save it again and send that."
        ) from error


def _check_tiles(image: TiffImagePlugin.TiffImageFile, limits: ImageLimits) -> None:
    # A small TIFF may consist of one enormous tile, which is decoded as a whole.
    width, height = image.tag_v2.get(322), image.tag_v2.get(323)
    if isinstance(width, int) and isinstance(height, int):
        check_pixels(width, height, limits)


def _upright(image: ImageFile) -> Image.Image:
    try:
        # After load(): PNG may keep its EXIF behind the pixels, and TIFF is turned by Pillow while loading.
        method = _TRANSPOSE.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - the parser raises nearly anything, as above
        # EXIF that cannot be parsed says nothing about the orientation, and nothing against the pixels.
        method = None
    if method is None:
        return image
    turned = image.transpose(method)
    # What to_rgb decides by; transpose() keeps info, but not the format.
    turned.format = image.format
    return turned
