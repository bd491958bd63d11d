"""Stash, as the rest of the sidecar sees it."""

from pydantic import SecretStr, TypeAdapter

from stash_sense.stash.configuration import Configuration
from stash_sense.stash.connection import StashConnection
from stash_sense.stash.errors import (
    StashError,
    StashNotConfigured,
    StashNotFound,
    StashRefused,
    StashUnavailable,
)
from stash_sense.stash.galleries import Galleries
from stash_sense.stash.images import Images
from stash_sense.stash.objects.images import StashImage
from stash_sense.stash.objects.system import Version
from stash_sense.stash.origin import StashOrigin
from stash_sense.stash.performers import Performers
from stash_sense.stash.rate_limiter import Priority, RateLimiter, RateLimiterStats
from stash_sense.stash.scenes import Scenes
from stash_sense.stash.timeouts import Timeouts

__all__ = [
    "Priority",
    "StashClient",
    "StashError",
    "StashImage",
    "StashNotConfigured",
    "StashNotFound",
    "StashRefused",
    "StashUnavailable",
    "Timeouts",
]

_VERSION = TypeAdapter(Version)


class StashClient:
    """Reads from one Stash, and changes it. Without an address, every call says what is missing.

    GraphQL calls pass the rate limiter; downloads do not. All errors are StashError, but for a download of
    too many bytes, which is FetchTooLargeError.
    """

    def __init__(
        self,
        url: str | None,
        api_key: SecretStr | None,
        rate_limit: float = 5.0,
        timeouts: Timeouts | None = None,
        *,
        attempts: int = 3,
        backoff_seconds: float = 0.25,
    ) -> None:
        """`rate_limit` in GraphQL calls per second. Raises ValueError for a malformed `url` or key."""
        self._limiter = RateLimiter(rate_limit)
        self._connection = StashConnection(
            url,
            api_key,
            self._limiter,
            timeouts or Timeouts(),
            attempts=attempts,
            backoff_seconds=backoff_seconds,
        )
        self.scenes = Scenes(self._connection)
        self.images = Images(self._connection)
        self.galleries = Galleries(self._connection)
        self.performers = Performers(self._connection)
        self.configuration = Configuration(self._connection)

    @property
    def configured(self) -> bool:
        """Whether there is an address of Stash."""
        return self._connection.configured

    @property
    def origin(self) -> StashOrigin | None:
        """Where Stash is, for whoever fetches from addresses that may be Stash's; None without an address."""
        return self._connection.origin if self.configured else None

    def rate_limiter_stats(self) -> RateLimiterStats:
        """The counters of the rate limiter that all GraphQL calls pass."""
        return self._limiter.stats()

    async def version(self, priority: Priority = Priority.INTERACTIVE) -> str | None:
        """Stash's version; None when Stash does not tell. Shows that address and key are right."""
        return (await self._connection.api.repeatable("version", {}, _VERSION, priority)).version

    async def aclose(self) -> None:
        """Close the connections; the client is of no use afterwards."""
        await self._connection.aclose()
