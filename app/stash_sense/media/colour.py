"""Any Pillow mode to 8-bit RGB."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

# What lies behind transparent pixels is arbitrary, often black, so alpha must be resolved. White is
# what cut-outs of people are drawn for and what programs without alpha flatten them on; a face against
# white is also what detectors saw in training.
_BACKGROUND = (255, 255, 255, 255)


def to_rgb(image: Image.Image) -> NDArray[np.uint8]:
    """Convert a loaded picture of any mode to an H x W x 3 uint8 RGB array, C-contiguous and writable.

    Colour profiles are not applied: the recipe by which the databases' vectors were made does not either.
    """
    if image.mode.startswith("I") or image.mode == "F":
        grey = _to_eight_bits(np.asarray(image))
        return np.ascontiguousarray(np.repeat(grey[:, :, np.newaxis], 3, axis=2))
    if image.has_transparency_data:
        return np.array(_flatten(image), dtype=np.uint8)
    if image.mode == "CMYK" and image.format == "JPEG" and "adobe" not in image.info:
        # Pillow takes every four-channel JPEG for Adobe's, which stores ink inverted. Without Adobe's
        # marker the values are plain.
        image = ImageChops.invert(image)
    return np.array(image.convert("RGB"), dtype=np.uint8)


def _flatten(image: Image.Image) -> Image.Image:
    # A palette's or a colour key's transparency becomes alpha on the way to RGBA.
    rgba = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, _BACKGROUND), rgba).convert("RGB")


def _to_eight_bits(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Scale grey values, H x W of 16- or 32-bit integers or floats, to 0..255.

    Sixteen-bit files use the whole range by definition. In the wider types nothing states the range: values
    up to 1 (floats), 255 or 65535 are taken to fill that range, anything larger is scaled by its maximum.
    """
    if values.dtype == np.uint16 or values.dtype == np.dtype(">u2"):
        return np.round(values.astype(np.float32) / 257).astype(np.uint8)
    grey = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    top = float(grey.max(initial=0.0))
    if np.issubdtype(values.dtype, np.floating) and top <= 1:
        full = 1.0
    else:
        full = next((limit for limit in (255.0, 65535.0) if top <= limit), top)
    return np.round(np.clip(grey / full, 0, 1) * 255).astype(np.uint8)
