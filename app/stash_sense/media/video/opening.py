"""From a file on a server to an opened film."""

from __future__ import annotations

from typing import Any, Final, NoReturn

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

from stash_sense.media.video.duration import estimated_duration, stated_duration
from stash_sense.media.video.errors import VideoError
from stash_sense.media.video.ffmpeg_words import ffmpeg_words
from stash_sense.media.video.film import Film
from stash_sense.media.video.remote_file import RemoteFile
from stash_sense.media.video.stop import Stop

# Bytes that FFmpeg asks for at once.
_BUFFER: Final = 64 * 1024


def opened_film(file: RemoteFile, known_seconds: float | None, stop: Stop) -> Film:
    """Open the film and find its best video stream.

    Args:
        known_seconds: its duration, as others know it; counts when the container states none.

    Raises:
        VideoError: no film, or nothing to see in it.
        VideoSourceError: the server does not hand it out.
        StoppedError.
    """
    file.open()
    try:
        container = av.open(file, "r", buffer_size=_BUFFER, io_open=_refuse_other_files)
    except FFmpegError as error:
        raise VideoError(
            f"The film cannot be read ({ffmpeg_words(error)}); expected a video file that FFmpeg knows: "
            "see whether it plays in Stash."
        ) from error
    try:
        stream = _best(container)
        seconds = stated_duration(container, stream) or known_seconds
        if seconds is None and file.seekable() and file.size is not None:
            seconds = _estimate(container, stream, file.size)
        return Film(container, stream, file, seconds, stop)
    except BaseException:
        container.close()
        raise


def _refuse_other_files(*_: Any) -> NoReturn:
    """A playlist would have FFmpeg open whatever addresses and local files it names."""
    raise VideoError("The film is a list that names other files; expected one video file.")


def _best(container: InputContainer) -> VideoStream:
    # Covers of sound files are video streams too.
    films = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not films:
        raise VideoError("The film has no pictures, only sound; there is nobody to see.")
    readable = [s for s in films if s.codec_context is not None]
    if not readable:
        raise VideoError("The film's pictures are in a format that this FFmpeg has no decoder for.")
    return max(readable, key=lambda s: (bool(s.disposition & Disposition.default), s.width * s.height))


def _estimate(container: InputContainer, stream: VideoStream, size: int) -> float | None:
    try:
        return estimated_duration(container, stream, size)
    except FFmpegError:
        # What keeps packets from being read will be said of the pictures.
        return None
