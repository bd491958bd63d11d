"""A film on an HTTP server as a file that FFmpeg can read: by range requests, only what is needed.

Not FFmpeg's own HTTP: it would follow a redirect with the API key in its hand, and waits out its timeouts
when the work is to end. Here the key goes to the one address that it was given for, and a cancelled read
returns at once.
"""

from __future__ import annotations

import http.client
import os
from collections.abc import Mapping
from typing import Final

import httpx

from stash_sense.media.video.errors import VideoError
from stash_sense.media.video.range_connection import RangeConnection, ServerHasNoRangesError
from stash_sense.media.video.stop import Stop

# A seek reads at least so much; reading on doubles the step up to the largest, so that a keyframe costs one
# small request and a film that is read through costs few.
SMALLEST: Final = 256 * 1024
LARGEST: Final = 4 * 1024 * 1024
_KEPT_WINDOWS: Final = 6


class RemoteFile:
    """The part of Python's file interface that PyAV asks for. For one thread at a time."""

    def __init__(self, url: httpx.URL, headers: Mapping[str, str], stop: Stop) -> None:
        """Nothing is asked of the server yet; ``headers`` go to exactly this address.

        Raises (from ``read`` and ``open``): VideoSourceError, StoppedError.
        """
        self._connection = RangeConnection(url, headers, stop)
        self._stop = stop
        self._position = 0
        self._windows: list[tuple[int, bytes]] = []
        self._step = SMALLEST
        self._stream: http.client.HTTPResponse | None = None
        self.size: int | None = None

    def open(self) -> None:
        """Read the beginning, which tells the size and whether the server knows ranges."""
        try:
            self._fetch(0)
        except ServerHasNoRangesError as answer:
            self._stream, self.size = answer.response, answer.size
        if self.size == 0:
            raise VideoError("The film is empty (0 bytes); expected a video file: scan the scene again.")

    def seekable(self) -> bool:
        """Whether the server knows ranges; without, the film can only be read forward."""
        return self._stream is None

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._stop.check()
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size or 0}[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes from the position on; none at the end."""
        self._stop.check()
        data = self._ranged(size) if self._stream is None else self._connection.read_on(self._stream, size)
        self._position += len(data)
        return data

    def close(self) -> None:
        self._connection.close()

    def _ranged(self, size: int) -> bytes:
        if self.size is not None and self._position >= self.size:
            return b""
        for start, window in reversed(self._windows):
            if start <= self._position < start + len(window):
                offset = self._position - start
                return window[offset : offset + size]
        return self._fetch(self._position)[:size]

    def _fetch(self, start: int) -> bytes:
        follows = bool(self._windows) and start == self._windows[-1][0] + len(self._windows[-1][1])
        self._step = min(2 * self._step, LARGEST) if follows else SMALLEST
        answer = self._connection.get(start, self._step)
        self.size = answer.size if answer.size is not None else self.size
        self._windows = [*self._windows[1 - _KEPT_WINDOWS :], (start, answer.data)]
        return answer.data
