"""The way to Stash that all kinds of objects share; there may be none."""

from dataclasses import dataclass
from typing import TypeVar

from pydantic import SecretStr, TypeAdapter

from stash_sense.media.http_client import new_client
from stash_sense.media.redact import one_line
from stash_sense.stash.downloads import StashDownloads
from stash_sense.stash.errors import StashNotConfigured, StashNotFound
from stash_sense.stash.exchange import Exchange
from stash_sense.stash.graphql_api import GraphQLApi
from stash_sense.stash.origin import StashOrigin, normalise_api_key
from stash_sense.stash.rate_limiter import Priority, RateLimiter
from stash_sense.stash.timeouts import Timeouts
from stash_sense.stash.url import normalise_stash_url

Object = TypeVar("Object")

_CONNECTIONS = 16


@dataclass(frozen=True)
class _Parts:
    origin: StashOrigin
    api: GraphQLApi
    downloads: StashDownloads


class StashConnection:
    """One Stash: its address, and what is asked and fetched there, with one HTTP client."""

    def __init__(
        self,
        url: str | None,
        api_key: SecretStr | None,
        limiter: RateLimiter,
        timeouts: Timeouts,
        *,
        attempts: int,
        backoff_seconds: float,
    ) -> None:
        """Raises ValueError for a malformed `url` or key."""
        origin = StashOrigin(normalise_stash_url(url), normalise_api_key(api_key)) if url else None
        self._client = new_client(
            connect_seconds=timeouts.connect, read_seconds=timeouts.interactive, connections=_CONNECTIONS
        )
        self._parts: _Parts | None = None
        if origin is not None:
            api = GraphQLApi(
                Exchange(self._client, origin, timeouts.connect),
                limiter,
                timeouts,
                attempts=attempts,
                backoff_seconds=backoff_seconds,
            )
            downloads = StashDownloads(self._client, origin, timeouts.download)
            self._parts = _Parts(origin, api, downloads)

    @property
    def configured(self) -> bool:
        """Whether there is an address; without one, everything below raises StashNotConfigured."""
        return self._parts is not None

    @property
    def origin(self) -> StashOrigin:
        """Where Stash is."""
        return self._there().origin

    @property
    def api(self) -> GraphQLApi:
        """What is asked there."""
        return self._there().api

    @property
    def downloads(self) -> StashDownloads:
        """What is fetched there."""
        return self._there().downloads

    async def get(
        self, kind: str, object_id: str, answer: TypeAdapter[Object | None], priority: Priority
    ) -> Object:
        """The `kind` ("image") with this id, by the document `find_image`. Raises StashNotFound."""
        api = self.api
        variables = {"id": checked_id(kind, object_id)}
        return present(kind, object_id, await api.repeatable(f"find_{kind}", variables, answer, priority))

    def _there(self) -> _Parts:
        if self._parts is None:
            raise StashNotConfigured(
                "STASH_URL is not set; expected the base address of Stash, such as http://host:6969: "
                "set it, and STASH_API_KEY when Stash asks for a log-in."
            )
        return self._parts

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def checked_id(kind: str, value: str) -> str:
    """The id as Stash takes it: digits. Raises StashNotFound for what can be no object's id."""
    if value.isascii() and value.isdigit():
        return value
    raise missing(kind, value)


def present(kind: str, object_id: str, found: Object | None) -> Object:
    """What Stash found. Raises StashNotFound for nothing."""
    if found is None:
        raise missing(kind, object_id)
    return found


def missing(kind: str, object_id: str) -> StashNotFound:
    """There is no `kind` ("image") with this id."""
    return StashNotFound(
        f"Stash has no {kind} with the id {one_line(object_id, 40)!r}: it may have been deleted; "
        "reload the page."
    )
