"""What a picture from outside may cost, and the error when it cannot be used."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ImageLimits:
    """Bounds that hold before anything is decoded: size of the file, and width x height."""

    max_bytes: int
    max_pixels: int


class ImageError(ValueError):
    """The picture cannot be used. The message is one line for a plugin user: seen, expected, remedy."""


def check_size(size: int, limits: ImageLimits) -> None:
    """Refuse an empty file, or one of more than `max_bytes` bytes."""
    if size == 0:
        raise ImageError("The image is empty (0 bytes); expected a picture file: send the file's content.")
    if size > limits.max_bytes:
        raise ImageError(
            f"The image has {megabytes(size)}; at most {megabytes(limits.max_bytes)} are accepted: "
            "send a smaller file, or raise MAX_IMAGE_BYTES."
        )


def check_pixels(width: int, height: int, limits: ImageLimits) -> None:
    """Refuse dimensions, as the file's header states them, beyond `max_pixels`."""
    if width < 1 or height < 1:
        raise ImageError(f"The image is {width}x{height} pixels: it has no area; send another file.")
    if width * height > limits.max_pixels:
        raise ImageError(
            f"The image is {width}x{height} pixels ({width * height / 1e6:.1f} million); at most "
            f"{limits.max_pixels / 1e6:.1f} million are accepted: send a smaller one, "
            "or raise MAX_IMAGE_PIXELS."
        )


def megabytes(size: int) -> str:
    """A byte count as people read it."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size} bytes"
