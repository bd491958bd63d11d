"""One GraphQL request to a stash-box and its answer; every way in which that fails, as a sentence."""

from __future__ import annotations

import asyncio
import email.utils
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from stash_sense.media.redact import mask_url, one_line
from stash_sense.stashbox.errors import StashBoxPassing, StashBoxRefused, StashBoxUnavailable

_PASSING_STATUS = frozenset({429, 500, 502, 503, 504})
_TOO_MUCH = frozenset({400, 413, 414, 422, 431})


class _Error(BaseModel):
    message: str
    path: tuple[str | int, ...] | None = None


class _Envelope(BaseModel):
    data: dict[str, Any] | None = None
    errors: tuple[_Error, ...] | None = None


@dataclass(frozen=True)
class BoxAnswer:
    """The values of an operation's root fields, and why some of them are null.

    Attributes:
        failed: what the box says, by root field.
    """

    data: Mapping[str, Any]
    failed: Mapping[str, str]


class BoxExchange:
    """Posts to one stash-box's GraphQL endpoint."""

    def __init__(
        self, client: httpx.AsyncClient, name: str, endpoint: str, api_key: SecretStr, seconds: float
    ) -> None:
        """Borrow ``client``; ``seconds``: how long an answer is waited for."""
        self._client = client
        self._name = one_line(name, 60) or mask_url(endpoint)
        self._endpoint = endpoint
        self._key = SecretStr(api_key.get_secret_value().strip())
        self._seconds = seconds

    async def ask(self, document: str, variables: Mapping[str, Any]) -> BoxAnswer:
        """The answer to ``document``, asked for once. Raises StashBoxUnavailable and its kinds."""
        response = await self._post({"query": document, "variables": dict(variables)})
        envelope = self._envelope(response)
        failed = {
            str(error.path[0]): self._clean(error.message) for error in envelope.errors or () if error.path
        }
        if envelope.data is None or (envelope.errors and not failed):
            said = "; ".join(error.message for error in envelope.errors or ()) or "no data"
            raise StashBoxRefused(self._clean(f"{self._name} refused the request: {said}"))
        return BoxAnswer(envelope.data, failed)

    async def _post(self, body: Mapping[str, Any]) -> httpx.Response:
        key = self._key.get_secret_value()
        if not all("!" <= sign <= "~" for sign in key):
            # The HTTP library would show it.
            raise StashBoxUnavailable(
                f"the API key of {self._name} contains blanks or signs other than ASCII: "
                "copy it again into Stash's settings, Metadata Providers"
            )
        try:
            async with asyncio.timeout(self._seconds):
                # No redirect is followed: the key is for this address alone.
                return await self._client.post(self._endpoint, json=body, headers={"ApiKey": key})
        except (TimeoutError, httpx.TimeoutException) as error:
            raise StashBoxPassing(f"{self._name} did not answer within {self._seconds:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise StashBoxPassing(
                self._clean(
                    f"{self._name} cannot be reached ({error or type(error).__name__}): check its address "
                    "in Stash's settings, Metadata Providers, and that the sidecar reaches the internet"
                )
            ) from None

    def _envelope(self, response: httpx.Response) -> _Envelope:
        status = response.status_code
        if status in (401, 403):
            raise StashBoxUnavailable(
                f"{self._name} does not accept the API key (HTTP {status}): renew it in Stash's settings, "
                "Metadata Providers"
            )
        if status in _PASSING_STATUS:
            pause = _pause(response.headers.get("Retry-After"))
            raise StashBoxPassing(f"{self._name} answered HTTP {status}", pause)
        if status in _TOO_MUCH:
            raise StashBoxRefused(f"{self._name} refused the request (HTTP {status})")
        try:
            return _Envelope.model_validate_json(response.content)
        except ValidationError:
            raise StashBoxUnavailable(
                f"{self._name} answered HTTP {status} without GraphQL: check its address in Stash's "
                "settings, Metadata Providers; it ends in /graphql"
            ) from None

    def _clean(self, text: str) -> str:
        key = self._key.get_secret_value()
        return one_line(text.replace(key, "***") if key else text)


def _pause(retry_after: str | None) -> float | None:
    """Seconds, from either form of the header; None for neither."""
    if retry_after is None:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None
