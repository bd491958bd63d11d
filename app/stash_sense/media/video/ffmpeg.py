"""FFmpeg's libraries, by way of PyAV: imported when a film is looked into, and missed only then."""

from __future__ import annotations

from types import ModuleType

from stash_sense.media.video.errors import FfmpegMissingError


def load_ffmpeg() -> ModuleType:
    """PyAV. Raises FfmpegMissingError."""
    try:
        import av  # noqa: PLC0415 - without it everything else goes on working
        import av.logging  # noqa: PLC0415
    except (ImportError, OSError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise FfmpegMissingError(
            f"FFmpeg's libraries cannot be loaded ({reason}), so no film can be looked into: use the "
            "project's image, or install the package av."
        ) from error
    return av


def ffmpeg_available() -> bool:
    """Whether films can be looked into. The first call loads the libraries."""
    try:
        load_ffmpeg()
    except FfmpegMissingError:
        return False
    return True
