"""One GraphQL request to Stash and its answer; every way in which that fails, as a sentence."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
from pydantic import ValidationError

from stash_sense.media.redact import mask_url, one_line
from stash_sense.stash.envelope import GraphQLAnswer
from stash_sense.stash.errors import StashRefused, StashUnavailable
from stash_sense.stash.origin import StashOrigin

_RETRIED_STATUS = frozenset({429, 500, 502, 503, 504})


class PassingError(StashUnavailable):
    """A failure that may well be over a moment later."""


class NotSentError(PassingError):
    """Stash was not reached, so nothing can have happened there."""


class Exchange:
    """Posts to Stash's GraphQL endpoint."""

    def __init__(self, client: httpx.AsyncClient, origin: StashOrigin, connect_seconds: float) -> None:
        """Borrow `client`."""
        self._client = client
        self._origin = origin
        self._connect_seconds = connect_seconds

    async def ask(self, document: str, variables: Mapping[str, Any], seconds: float) -> GraphQLAnswer:
        """The answer to `document`, waited for that long and asked for once.

        Raises PassingError, StashUnavailable, or StashRefused for what Stash says in GraphQL.
        """
        envelope = self._envelope(
            await self._post({"query": document, "variables": dict(variables)}, seconds)
        )
        if envelope.errors:
            said = "; ".join(error.message for error in envelope.errors)
            raise StashRefused(self._clean(f"Stash refused the request: {said}"))
        return envelope

    async def _post(self, body: Mapping[str, Any], seconds: float) -> httpx.Response:
        url = httpx.URL(f"{self._origin.base}/graphql")
        try:
            async with asyncio.timeout(seconds):
                return await self._client.post(
                    url,
                    json=body,
                    headers=self._origin.headers_for(url),
                    timeout=httpx.Timeout(seconds, connect=self._connect_seconds, pool=None),
                )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotSentError(
                f"Stash cannot be reached at {self._origin.base} ({self._clean(str(error))}): "
                "check STASH_URL, and that Stash runs and is reachable from the sidecar's container."
            ) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise StashUnavailable(
                f"Stash at {self._origin.base} did not answer within {seconds:g} s: "
                "try again, or see what keeps Stash busy."
            ) from error
        except httpx.HTTPError as error:
            reason = self._clean(str(error) or type(error).__name__)
            raise PassingError(
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
            raise PassingError(f"Stash at {base} answered HTTP {status}; expected 200: see Stash's log.")
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
