"""GraphQL over HTTP to Stash: rate limited, retried where that is harmless, errors made readable."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from stash_sense.media.redact import mask_url, one_line
from stash_sense.stash.documents import load_documents
from stash_sense.stash.errors import StashUnavailable
from stash_sense.stash.models import GraphQLAnswer
from stash_sense.stash.origin import StashOrigin
from stash_sense.stash.rate_limiter import Priority, RateLimiter

Data = TypeVar("Data", bound=BaseModel)

_RETRIED_STATUS = frozenset({429, 500, 502, 503, 504})


class _PassingError(StashUnavailable):
    """A failure that may well be over a moment later."""


class GraphQLApi:
    """Executes the package's GraphQL documents against one Stash."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        origin: StashOrigin,
        limiter: RateLimiter,
        *,
        attempts: int = 3,
        answer_seconds: float = 10.0,
        backoff_seconds: float = 0.25,
    ) -> None:
        """Borrow `client`; every attempt takes its own turn at `limiter`."""
        self._client = client
        self._origin = origin
        self._limiter = limiter
        self._attempts = attempts
        self._answer_seconds = answer_seconds
        self._backoff_seconds = backoff_seconds
        self._documents = load_documents()

    async def query(
        self, name: str, variables: Mapping[str, Any], answer: type[Data], priority: Priority
    ) -> Data:
        """Execute the query document `name`, which changes nothing and so may be repeated.

        Repeated, with growing pauses: what fails at once and may pass (no connection, a dropped one, a server
        error). Not repeated: a silence, since the caller has waited long enough, and any refusal.
        Raises StashUnavailable.
        """
        for attempt in range(1, self._attempts):
            try:
                return await self.execute(name, variables, answer, priority)
            except _PassingError:
                pause = self._backoff_seconds * 2 ** (attempt - 1)
                # Jitter: callers that failed together do not come back together.
                await asyncio.sleep(pause * (0.5 + secrets.SystemRandom().random()))
        return await self.execute(name, variables, answer, priority)

    async def execute(
        self, name: str, variables: Mapping[str, Any], answer: type[Data], priority: Priority
    ) -> Data:
        """Execute the document `name` once, whatever it does. Raises StashUnavailable."""
        await self._limiter.acquire(priority)
        response = await self._post({"query": self._documents[name], "variables": dict(variables)})
        envelope = self._envelope(response)
        if envelope.errors:
            said = "; ".join(error.message for error in envelope.errors)
            raise StashUnavailable(self._clean(f"Stash refused the request: {said}"))
        try:
            return answer.model_validate(envelope.data)
        except ValidationError as error:
            raise StashUnavailable(
                f"Stash answered {name} in an unknown form; expected Stash 0.25 or later: update Stash."
            ) from error

    async def _post(self, body: Mapping[str, Any]) -> httpx.Response:
        url = httpx.URL(f"{self._origin.base}/graphql")
        try:
            async with asyncio.timeout(self._answer_seconds):
                return await self._client.post(url, json=body, headers=self._origin.headers_for(url))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _PassingError(
                f"Stash cannot be reached at {self._origin.base} ({self._clean(str(error))}): "
                "check STASH_URL, and that Stash runs and is reachable from the sidecar's container."
            ) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise StashUnavailable(
                f"Stash at {self._origin.base} did not answer within {self._answer_seconds:g} s: "
                "try again, or see what keeps Stash busy."
            ) from error
        except httpx.HTTPError as error:
            reason = self._clean(str(error) or type(error).__name__)
            raise _PassingError(
                f"The connection to Stash at {self._origin.base} broke ({reason}): see Stash's log."
            ) from error

    def _envelope(self, response: httpx.Response) -> GraphQLAnswer:
        """The GraphQL part of an answer, which Stash sends with some error statuses too."""
        status, base = response.status_code, self._origin.base
        if status in (401, 403):
            raise StashUnavailable(self._unauthorised(status))
        if response.has_redirect_location:
            target = self._clean(mask_url(response.headers["Location"]))
            raise StashUnavailable(
                f"Stash at {base} redirects to {target}; expected GraphQL: set STASH_URL to the address "
                "where Stash itself answers."
            )
        if status in _RETRIED_STATUS:
            raise _PassingError(f"Stash at {base} answered HTTP {status}; expected 200: see Stash's log.")
        try:
            envelope = GraphQLAnswer.model_validate_json(response.content)
        except ValidationError as error:
            raise StashUnavailable(
                f"{base}/graphql answered HTTP {status} without GraphQL: "
                "check that STASH_URL is the base address of Stash, such as http://host:6969."
            ) from error
        if not response.is_success and not envelope.errors:
            raise StashUnavailable(f"Stash at {base} answered HTTP {status}; expected 200: see Stash's log.")
        return envelope

    def _unauthorised(self, status: int) -> str:
        if self._origin.api_key is None:
            return (
                f"Stash at {self._origin.base} asks for a log-in (HTTP {status}), and STASH_API_KEY "
                "is not set: set it to the key from Stash's settings, Security."
            )
        return (
            f"Stash at {self._origin.base} does not accept the API key (HTTP {status}): "
            "set STASH_API_KEY to the key from Stash's settings, Security."
        )

    def _clean(self, text: str) -> str:
        return one_line(self._origin.without_key(text))
