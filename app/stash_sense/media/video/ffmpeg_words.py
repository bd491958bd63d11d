"""What FFmpeg says of a film, for people."""

from __future__ import annotations

from av.error import FFmpegError

from stash_sense.media.redact import one_line


def ffmpeg_words(error: FFmpegError) -> str:
    """The reason without number and file name: "Invalid data found when processing input"."""
    return one_line(error.strerror or type(error).__name__)
