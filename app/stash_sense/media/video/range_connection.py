"""Range requests on one kept connection, to one address, following nothing."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import httpx

from stash_sense import __version__
from stash_sense.media.redact import mask_url, one_line
from stash_sense.media.video.errors import VideoSourceError
from stash_sense.media.video.stop import Stop

CONNECT_SECONDS: Final = 5.0
SILENCE_SECONDS: Final = 15.0
# A connection that was kept may have been closed by the server meanwhile, and a busy server may drop one.
_ATTEMPTS: Final = 3
_PIECE: Final = 64 * 1024
_CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True)
class Range:
    """A piece of the file, and the size of the whole where the server tells it."""

    data: bytes
    size: int | None


class ServerHasNoRangesError(Exception):
    """The server answers with the whole file; ``response`` is its beginning."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        super().__init__("the server knows no ranges")
        self.response = response
        self.size = response.length


class RangeConnection:
    """GETs pieces of one address. Blocks, for one thread at a time; `Stop.cancel` ends a wait at once."""

    def __init__(self, url: httpx.URL, headers: Mapping[str, str], stop: Stop) -> None:
        self._url = url
        self._headers = {
            "User-Agent": f"stash-sense/{__version__}",
            "Accept-Encoding": "identity",
            **headers,
        }
        self._secrets = [value for value in headers.values() if value]
        self._stop = stop
        self._shown = mask_url(url)
        self._connection = _connection(url)
        self._socket: socket.socket | None = None

    def get(self, start: int, length: int) -> Range:
        """At most ``length`` bytes from ``start`` on; fewer at the file's end or when the connection breaks.

        Raises:
            VideoSourceError: no answer, or an error status, or a redirect.
            ServerHasNoRangesError: to the first request.
            StoppedError.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._stop.interruptible(self._interrupt):
                    return self._get(start, length)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                self._stop.check()
                if attempt == _ATTEMPTS or isinstance(error, (ConnectionRefusedError, socket.gaierror)):
                    raise self._broken(error) from error
                if isinstance(error, TimeoutError):
                    raise self._broken(error) from error
        raise AssertionError("unreachable")

    def read_on(self, response: http.client.HTTPResponse, size: int) -> bytes:
        """The next bytes of an answer that was left open. Raises VideoSourceError, StoppedError."""
        try:
            with self._stop.interruptible(self._interrupt):
                return self._receive(response, size)
        except (OSError, http.client.HTTPException) as error:
            self._stop.check()
            raise self._broken(error) from error

    def close(self) -> None:
        self._connection.close()

    def _get(self, start: int, length: int) -> Range:
        self._stop.check()
        if self._connection.sock is None:
            self._connection.timeout = max(0.001, self._stop.remaining(CONNECT_SECONDS))
            self._connection.connect()
            self._socket = self._connection.sock
        self._set_timeout()
        wanted = {"Range": f"bytes={start}-{start + length - 1}"}
        self._connection.request(
            "GET", self._url.raw_path.decode("ascii"), headers={**self._headers, **wanted}
        )
        response = self._connection.getresponse()
        if response.status == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            response.read()
            return Range(b"", _total(response, "bytes */"))
        self._refuse_errors(response)
        if response.status != http.client.PARTIAL_CONTENT:
            if start == 0:
                raise ServerHasNoRangesError(response)
            raise self._said(response, "answered a range request with the whole file")
        found = _CONTENT_RANGE.fullmatch(response.getheader("Content-Range", "").strip())
        if found is None or int(found[1]) != start:
            raise self._said(response, "sent another range than was asked for")
        total = None if found[2] == "*" else int(found[2])
        data = bytearray()
        while piece := self._receive(response, _PIECE):
            data += piece
        if response.length:
            # What came before the connection broke is good; the next request asks for the rest.
            self.close()
            if not data:
                raise http.client.IncompleteRead(b"", response.length)
        return Range(bytes(data), total)

    def _receive(self, response: http.client.HTTPResponse, size: int) -> bytes:
        """What is there, after waiting for some: a server that drips cannot outlast the deadline."""
        self._stop.check()
        self._set_timeout()
        return response.read1(size)

    def _refuse_errors(self, response: http.client.HTTPResponse) -> None:
        if response.status in (http.client.OK, http.client.PARTIAL_CONTENT):
            return
        if 300 <= response.status < 400:
            target = mask_url(response.getheader("Location", ""))
            raise self._said(response, f"redirects to {target}; expected the film itself", target)
        raise self._said(response, f"answered {response.status} {self._words(response.reason)}; expected 206")

    def _said(self, response: http.client.HTTPResponse, what: str, location: str = "") -> VideoSourceError:
        self.close()
        return VideoSourceError(f"{self._shown} {what}.", response.status, location)

    def _words(self, text: str) -> str:
        """What somebody else wrote, without what only the server was to see."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return one_line(text)

    def _broken(self, error: Exception) -> VideoSourceError:
        if isinstance(error, TimeoutError):
            return VideoSourceError(f"{self._shown}: no answer in time; see what keeps Stash busy.")
        reason = self._words(str(error)) or type(error).__name__
        return VideoSourceError(f"{self._shown} cannot be read ({reason}): see whether Stash runs.")

    def _set_timeout(self) -> None:
        if self._socket is not None:
            self._socket.settimeout(max(0.001, self._stop.remaining(SILENCE_SECONDS)))

    def _interrupt(self) -> None:
        """Wake the thread that waits for the server; it then sees that it is cancelled."""
        # The connection's own reference is gone as soon as an answer says that it is the last one.
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _connection(url: httpx.URL) -> http.client.HTTPConnection:
    host = url.raw_host.decode("ascii").strip("[]")
    if url.scheme == "https":
        context: ssl.SSLContext = httpx.create_ssl_context(trust_env=True)
        return http.client.HTTPSConnection(host, url.port or 443, timeout=CONNECT_SECONDS, context=context)
    return http.client.HTTPConnection(host, url.port or 80, timeout=CONNECT_SECONDS)


def _total(response: http.client.HTTPResponse, prefix: str) -> int | None:
    text = response.getheader("Content-Range", "").strip().removeprefix(prefix)
    return int(text) if text.isdecimal() else None
