"""Films by address; FFmpeg's libraries are loaded when the first one is opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from stash_sense.media.video.ffmpeg import load_ffmpeg
from stash_sense.media.video.remote_file import RemoteFile
from stash_sense.media.video.stop import Stop

if TYPE_CHECKING:
    from stash_sense.media.video.film import Film


@contextmanager
def open_video(
    url: httpx.URL, headers: Mapping[str, str], known_seconds: float | None, stop: Stop
) -> Iterator[Film]:
    """The film at ``url`` while the block runs. Blocks; for one thread.

    Args:
        headers: sent to exactly this address and to no other; no redirect is followed.
        known_seconds: the film's duration, as others know it; counts when the film itself does not tell.
        stop: ends waiting and decoding.

    Raises:
        FfmpegMissingError, VideoError (VideoSourceError when the server is to blame), StoppedError.
    """
    load_ffmpeg()
    from stash_sense.media.video.opening import opened_film  # noqa: PLC0415 - needs the libraries

    file = RemoteFile(url, headers, stop)
    try:
        film = opened_film(file, known_seconds, stop)
        try:
            yield film
        finally:
            film.close()
    finally:
        file.close()
