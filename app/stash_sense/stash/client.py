"""Stash, as the rest of the sidecar sees it."""

import httpx
from pydantic import SecretStr

from stash_sense.media.download import Downloader, FetchError, FetchStatusError, FetchTooLargeError
from stash_sense.media.http_client import new_client
from stash_sense.media.redact import one_line
from stash_sense.stash.errors import StashError, StashNotConfigured, StashNotFound, StashUnavailable
from stash_sense.stash.graphql_api import GraphQLApi
from stash_sense.stash.models import ImageData, StashImage, VersionData
from stash_sense.stash.origin import StashOrigin, normalise_api_key
from stash_sense.stash.rate_limiter import Priority, RateLimiter, RateLimiterStats
from stash_sense.stash.url import normalise_stash_url

__all__ = [
    "Priority",
    "StashClient",
    "StashError",
    "StashImage",
    "StashNotConfigured",
    "StashNotFound",
    "StashUnavailable",
]


class StashClient:
    """Reads from one Stash. Without an address it exists all the same, and every call says what is missing.

    GraphQL calls pass the rate limiter; downloads do not. All errors are StashError, but for a download of
    too many bytes, which is FetchTooLargeError.
    """

    def __init__(
        self,
        url: str | None,
        api_key: SecretStr | None,
        rate_limit: float = 5.0,
        *,
        connect_seconds: float = 3.0,
        answer_seconds: float = 10.0,
        download_seconds: float = 20.0,
        attempts: int = 3,
        backoff_seconds: float = 0.25,
    ) -> None:
        """`rate_limit` in GraphQL calls per second. Raises ValueError for a malformed `url` or key."""
        self._limiter = RateLimiter(rate_limit)
        self._client = new_client(
            connect_seconds=connect_seconds, read_seconds=answer_seconds, connections=16
        )
        self._origin: StashOrigin | None = None
        if not url:
            return
        self._origin = StashOrigin(normalise_stash_url(url), normalise_api_key(api_key))
        self._api = GraphQLApi(
            self._client,
            self._origin,
            self._limiter,
            attempts=attempts,
            answer_seconds=answer_seconds,
            backoff_seconds=backoff_seconds,
        )
        # Stash serves its media itself. It redirects to its log-in page when it does not accept the key.
        self._downloads = Downloader(
            self._client, total_seconds=download_seconds, max_redirects=0, credentials=self._origin
        )

    @property
    def configured(self) -> bool:
        """Whether there is an address of Stash."""
        return self._origin is not None

    @property
    def origin(self) -> StashOrigin | None:
        """Where Stash is, for whoever fetches from addresses that may be Stash's; None without an address."""
        return self._origin

    def rate_limiter_stats(self) -> RateLimiterStats:
        """The counters of the rate limiter that all GraphQL calls pass."""
        return self._limiter.stats()

    async def version(self, priority: Priority = Priority.INTERACTIVE) -> str | None:
        """Stash's version; None when Stash does not tell. Shows that address and key are right."""
        self._configured_origin()
        answer = await self._api.query("version", {}, VersionData, priority)
        return answer.version.version

    async def image(self, image_id: str, priority: Priority = Priority.INTERACTIVE) -> StashImage:
        """The image with this id. Raises StashNotFound when there is none."""
        self._configured_origin()
        missing = StashNotFound(
            f"Stash has no image with the id {one_line(image_id, 40)!r}: it may have been deleted; "
            "reload the page."
        )
        if not (image_id.isascii() and image_id.isdigit()):
            raise missing
        answer = await self._api.query("find_image", {"id": image_id}, ImageData, priority)
        if answer.image is None:
            raise missing
        return answer.image

    async def download_image(self, image: StashImage, max_bytes: int) -> bytes:
        """The content of the image's file; for a clip, of its thumbnail.

        Raises FetchTooLargeError beyond `max_bytes`, StashNotFound when Stash has lost the file.
        """
        origin = self._configured_origin()
        if image.picture_link is None:
            raise StashNotFound(
                f"Stash gives no picture for the image {image.id}: scan or generate it in Stash."
            )
        try:
            url = origin.rebased(image.picture_link, f"/image/{image.id}/")
            return await self._downloads.get(url, max_bytes)
        except FetchTooLargeError:
            raise
        except FetchStatusError as error:
            raise _as_stash_error(image, error, origin) from error
        except (FetchError, httpx.InvalidURL) as error:
            raise StashUnavailable(
                origin.without_key(f"The image {image.id} cannot be had from Stash: {error}")
            ) from error

    async def aclose(self) -> None:
        """Close the connections; the client is of no use afterwards."""
        await self._client.aclose()

    def _configured_origin(self) -> StashOrigin:
        if self._origin is None:
            raise StashNotConfigured(
                "STASH_URL is not set; expected the base address of Stash, such as http://host:6969: "
                "set it, and STASH_API_KEY when Stash asks for a log-in."
            )
        return self._origin


def _as_stash_error(image: StashImage, error: FetchStatusError, origin: StashOrigin) -> StashError:
    if error.status == 404:
        return StashNotFound(
            f"Stash knows the image {image.id} but not its file (HTTP 404): rescan or clean the library."
        )
    if error.status in (401, 403) or "/login" in error.location:
        return StashUnavailable(
            f"Stash asks for a log-in to give the image {image.id} (HTTP {error.status}): set STASH_API_KEY "
            "to the key from Stash's settings, Security."
        )
    return StashUnavailable(origin.without_key(f"The image {image.id} cannot be had from Stash: {error}"))
