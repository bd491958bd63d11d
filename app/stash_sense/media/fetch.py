"""Pictures by address, for requests that name a URL."""

from stash_sense.media.download import (
    Credentials,
    Downloader,
    FetchError,
    FetchStatusError,
    FetchTooLargeError,
)
from stash_sense.media.http_client import new_client

__all__ = ["FetchError", "FetchStatusError", "FetchTooLargeError", "ImageFetcher"]

_MAX_REDIRECTS = 5


class ImageFetcher:
    """Fetches pictures over http and https, within limits of bytes, time and redirects."""

    def __init__(
        self,
        *,
        max_bytes: int,
        stash: Credentials | None = None,
        connect_seconds: float = 5.0,
        read_seconds: float = 10.0,
        total_seconds: float = 20.0,
        connections: int = 16,
    ) -> None:
        """`stash` gives the key for addresses of Stash itself, and for no other.

        The whole of a fetch, redirects included, ends within `total_seconds`: the plugin waits for 30.
        """
        self._max_bytes = max_bytes
        self._client = new_client(
            connect_seconds=connect_seconds, read_seconds=read_seconds, connections=connections
        )
        self._downloader = Downloader(
            self._client, total_seconds=total_seconds, max_redirects=_MAX_REDIRECTS, credentials=stash
        )

    async def fetch(self, url: str) -> bytes:
        """The content at `url`; whether it is a picture is for `decode_image` to say. Raises FetchError."""
        return await self._downloader.get(url.strip(), self._max_bytes)

    async def aclose(self) -> None:
        """Close the connections; the fetcher is of no use afterwards."""
        await self._client.aclose()
