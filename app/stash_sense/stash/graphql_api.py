"""GraphQL over HTTP to Stash: rate limited, retried where that is harmless, errors made readable."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter

from stash_sense.stash.documents import load_documents
from stash_sense.stash.errors import StashUnavailable
from stash_sense.stash.exchange import Exchange, NotSentError, PassingError
from stash_sense.stash.objects.system import TypeFields
from stash_sense.stash.rate_limiter import Priority, RateLimiter
from stash_sense.stash.timeouts import Timeouts

Answer = TypeVar("Answer")

_TYPE_FIELDS = TypeAdapter(TypeFields)
_PERFORMER_LINKS = "...PerformerLinks"


class GraphQLApi:
    """Executes the package's GraphQL documents against one Stash."""

    def __init__(
        self,
        exchange: Exchange,
        limiter: RateLimiter,
        timeouts: Timeouts,
        *,
        attempts: int = 3,
        backoff_seconds: float = 0.25,
    ) -> None:
        """Every attempt takes its own turn at `limiter`."""
        self._exchange = exchange
        self._limiter = limiter
        self._timeouts = timeouts
        self._attempts = attempts
        self._backoff_seconds = backoff_seconds
        self._documents = load_documents()
        self._earlier_documents = load_documents(performer_urls=False)
        self._performer_urls: bool | None = None

    async def repeatable(
        self, name: str, variables: Mapping[str, Any], answer: TypeAdapter[Answer], priority: Priority
    ) -> Answer:
        """Execute the document `name`, which does no harm when it is executed twice.

        Repeated, with growing pauses: what fails at once and may pass (no connection, a dropped one, a server
        error). Not repeated: a silence, since the caller has waited long enough, and any refusal.
        Raises StashUnavailable; StashRefused for what Stash says in GraphQL.
        """
        seconds = self._timeouts.answer_for(priority)
        return await self._execute(name, variables, answer, priority, PassingError, seconds=seconds)

    async def once(
        self, name: str, variables: Mapping[str, Any], answer: TypeAdapter[Answer], priority: Priority
    ) -> Answer:
        """Execute the document `name` at most once: repeated only when Stash was not reached at all."""
        seconds = self._timeouts.once
        return await self._execute(name, variables, answer, priority, NotSentError, seconds=seconds)

    async def _execute(
        self,
        name: str,
        variables: Mapping[str, Any],
        answer: TypeAdapter[Answer],
        priority: Priority,
        repeated: type[PassingError],
        *,
        seconds: float,
    ) -> Answer:
        document = await self._document(name, priority)
        for attempt in range(1, self._attempts):
            try:
                return await self._attempt(name, document, variables, answer, priority, seconds=seconds)
            except repeated:
                pause = self._backoff_seconds * 2 ** (attempt - 1)
                # Jitter: callers that failed together do not come back together.
                await asyncio.sleep(pause * (0.5 + secrets.SystemRandom().random()))
        return await self._attempt(name, document, variables, answer, priority, seconds=seconds)

    async def _attempt(
        self,
        name: str,
        document: str,
        variables: Mapping[str, Any],
        answer: TypeAdapter[Answer],
        priority: Priority,
        *,
        seconds: float,
    ) -> Answer:
        await self._limiter.acquire(priority)
        envelope = await self._exchange.ask(document, variables, seconds)
        try:
            return answer.validate_python(envelope.root)
        except ValueError as error:
            raise StashUnavailable(
                f"Stash answered {name} in an unknown form; expected Stash 0.25 or later: update Stash."
            ) from error

    async def _document(self, name: str, priority: Priority) -> str:
        document = self._documents[name]
        if _PERFORMER_LINKS not in document or await self.knows_performer_urls(priority):
            return document
        return self._earlier_documents[name]

    async def knows_performer_urls(self, priority: Priority) -> bool:
        """Whether this Stash keeps a list of addresses for a performer (since 0.27); asked for once."""
        if self._performer_urls is None:
            performer = await self.repeatable("type_fields", {"name": "Performer"}, _TYPE_FIELDS, priority)
            self._performer_urls = any(field.name == "urls" for field in performer.fields)
        return self._performer_urls
