"""Bounded downloads: so many bytes, so many seconds, so many redirects, and never a key to a stranger."""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping
from typing import Protocol

import httpx

from stash_sense import __version__
from stash_sense.media.limits import megabytes
from stash_sense.media.redact import mask_url, one_line

# Pictures are compressed already. Each further layer multiplies what one received byte may become, so more
# than one is not followed.
_ENCODINGS = ("", "identity", "gzip", "deflate")


class FetchError(Exception):
    """A download failed. The message is one line, without secrets, for a plugin user."""


class FetchTooLargeError(FetchError):
    """The answer has more bytes than allowed."""


class FetchStatusError(FetchError):
    """The server answered with an error status, or with a redirect where none is followed."""

    def __init__(self, message: str, status: int, location: str = "") -> None:
        """Keep the HTTP status, and for a redirect its masked target."""
        super().__init__(message)
        self.status = status
        self.location = location


class Credentials(Protocol):
    """Who decides which request may carry which secret."""

    def headers_for(self, url: httpx.URL) -> Mapping[str, str]:
        """The headers that a request to exactly this address may carry; usually none."""
        ...


class Downloader:
    """GETs addresses with one client, within limits.

    Redirects are followed by hand, so that the credentials are asked anew for every hop. Private addresses
    are not refused: Stash and its pictures live on the owner's own network.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        total_seconds: float,
        max_redirects: int,
        credentials: Credentials | None = None,
    ) -> None:
        """Borrow `client`: it must not follow redirects itself, and is closed by its owner."""
        self._client = client
        self._total_seconds = total_seconds
        self._max_redirects = max_redirects
        self._credentials = credentials

    async def get(self, url: str, max_bytes: int) -> bytes:
        """The content at `url`, at most `max_bytes` after decompression.

        Raises FetchTooLargeError, FetchStatusError, or FetchError for everything else.
        """
        with _readable(url):
            try:
                async with asyncio.timeout(self._total_seconds):
                    return await self._follow(_checked(httpx.URL(url)), max_bytes)
            except TimeoutError as error:
                raise FetchError(
                    f"{mask_url(url)} was not complete after {self._total_seconds:g} s: try again later, "
                    "or send the image itself."
                ) from error

    async def _follow(self, url: httpx.URL, max_bytes: int) -> bytes:
        trail = [url]
        while True:
            async with self._answer(trail[-1]) as response:
                if not response.has_redirect_location:
                    return await _read(response, max_bytes)
                target = trail[-1].join(response.headers["Location"]).copy_with(fragment=None)
                if self._max_redirects == 0:
                    raise FetchStatusError(
                        f"{mask_url(url)} redirects to {mask_url(target)}; expected the content itself.",
                        response.status_code,
                        mask_url(target),
                    )
            _check_redirect(trail, target, self._max_redirects)
            trail.append(_checked(target))

    def _answer(self, url: httpx.URL) -> contextlib.AbstractAsyncContextManager[httpx.Response]:
        headers = {
            "Accept": "image/*,*/*;q=0.5",
            "Accept-Encoding": "identity",
            "User-Agent": f"stash-sense/{__version__}",
        }
        secrets = self._credentials.headers_for(url) if self._credentials else {}
        return self._client.stream("GET", url, headers={**headers, **secrets})


def _checked(url: httpx.URL) -> httpx.URL:
    if url.scheme not in ("http", "https"):
        scheme = f"the scheme {url.scheme!r}" if url.scheme else "no scheme"
        raise FetchError(f"{mask_url(url)} has {scheme}; expected http:// or https://: use such an address.")
    if not url.host or (url.port is not None and not 0 < url.port < 65536):
        raise FetchError(f"{mask_url(url)} names no host or port; expected http://host[:port]/path.")
    return url


def _check_redirect(trail: list[httpx.URL], target: httpx.URL, most: int) -> None:
    steps = " -> ".join(mask_url(step) for step in [*trail, target])
    if target in trail:
        raise FetchError(
            f"{mask_url(trail[0])} redirects in a loop ({steps}); expected a picture: use its own address."
        )
    if len(trail) > most:
        raise FetchError(
            f"{mask_url(trail[0])} redirects more than {most} times ({steps}); "
            "expected a picture: use its own address."
        )


async def _read(response: httpx.Response, max_bytes: int) -> bytes:
    where = mask_url(response.url)
    if not response.is_success:
        raise FetchStatusError(
            f"{where} answered {response.status_code} {one_line(response.reason_phrase)}; expected 200: "
            "check the address, and whether it needs a log-in.",
            response.status_code,
        )
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise FetchError(
            f"{where} is compressed as {one_line(encoding)!r}; expected an uncompressed picture: "
            "send the image itself."
        )
    announced = response.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > max_bytes:
        raise _too_large(where, f"has {megabytes(int(announced))}", max_bytes)
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > max_bytes:
            raise _too_large(where, f"has more than {megabytes(max_bytes)}", max_bytes)
    return bytes(content)


def _too_large(where: str, seen: str, max_bytes: int) -> FetchTooLargeError:
    return FetchTooLargeError(
        f"{where} {seen}; at most {megabytes(max_bytes)} are accepted: use a smaller image, "
        "or raise MAX_IMAGE_BYTES."
    )


@contextlib.contextmanager
def _readable(url: str) -> Iterator[None]:
    """Every way in which a request fails, as one line."""
    try:
        yield
    except httpx.TimeoutException as error:
        kind = "connection" if isinstance(error, httpx.ConnectTimeout) else "answer"
        raise FetchError(
            f"{mask_url(url)}: no {kind} in time; expected a server that answers: "
            "check that this machine reaches it."
        ) from error
    except httpx.ConnectError as error:
        raise FetchError(
            f"{mask_url(url)} cannot be reached ({mask_url(error)}): check host and port, "
            "and that this machine (inside a container: the container) reaches it."
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
        # ValueError: host names that cannot be encoded; OSError: what the socket layer does not translate.
        reason = mask_url(error) or type(error).__name__
        raise FetchError(
            f"{mask_url(url)} cannot be fetched ({reason}): check the address, or send the image itself."
        ) from error
