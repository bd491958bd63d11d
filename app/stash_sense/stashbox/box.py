"""One stash-box: its performers, in batches."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import httpx
from pydantic import SecretStr, ValidationError

from stash_sense.stash.rate_limiter import Priority, RateLimiter
from stash_sense.stashbox.documents import find_performers, query_performers
from stash_sense.stashbox.errors import StashBoxPassing, StashBoxRefused, StashBoxUnavailable
from stash_sense.stashbox.exchange import BoxAnswer, BoxExchange
from stash_sense.stashbox.instants import instant
from stash_sense.stashbox.manners import Manners
from stash_sense.stashbox.objects import BoxPage, BoxPerformer


class StashBoxApi:
    """Asks one stash-box, at its own pace. Every call raises StashBoxUnavailable or its kinds."""

    def __init__(
        self, client: httpx.AsyncClient, name: str, endpoint: str, api_key: SecretStr, manners: Manners
    ) -> None:
        """Borrow ``client``."""
        self._exchange = BoxExchange(client, name, endpoint, api_key, manners.answer_seconds)
        self._manners = manners
        self._limiter = RateLimiter(manners.rate)
        self._batch = manners.batch
        self._news = True
        self.name = name

    @property
    def per_request(self) -> int:
        """Performers that one request asks for, unless the box finds it too much."""
        return self._manners.batch

    @property
    def per_page(self) -> int:
        """Performers on a page of changes."""
        return self._manners.page

    def requests_for(self, performers: int) -> int:
        """How many requests it takes to ask for so many performers by their ids."""
        return -(-performers // self._batch)

    async def performers(self, ids: Sequence[str]) -> dict[str, BoxPerformer]:
        """Those of these performers that the box has, by id."""
        found: dict[str, BoxPerformer] = {}
        start = 0
        while start < len(ids):
            batch = ids[start : start + self._batch]
            try:
                found |= await self._some(batch)
            except StashBoxRefused:
                if self._news:
                    # It may be an imitation of a stash-box that knows less.
                    self._news = False
                elif self._batch > 1:
                    # It may find so many at once too much; one alone it does not.
                    self._batch, self._news = max(1, self._batch // 2), True
                else:
                    raise
                continue
            start += len(batch)
        return found

    async def changed_since(self, moment: str) -> AsyncIterator[BoxPerformer]:
        """The performers that changed at this moment (RFC 3339) or later, the latest first; page by page."""
        page = 1
        while True:
            asked = {
                "page": page,
                "per_page": self._manners.page,
                "sort": "UPDATED_AT",
                "direction": "DESC",
            }
            answer = await self._ask(query_performers(), {"input": asked})
            found = self._valid(BoxPage, answer.data.get("queryPerformers"))
            for performer in found.performers:
                if performer.updated is None or instant(performer.updated) < instant(moment):
                    return
                yield performer
            if page * self._manners.page >= found.count or not found.performers:
                return
            page += 1

    async def _some(self, ids: Sequence[str]) -> dict[str, BoxPerformer]:
        variables = {f"id{number}": performer_id for number, performer_id in enumerate(ids)}
        answer = await self._ask(find_performers(len(ids), news=self._news), variables)
        found = {}
        for number, performer_id in enumerate(ids):
            value = answer.data.get(f"p{number}")
            # Null with an error is no id of the box's, as is null without one.
            if value is not None:
                found[performer_id] = self._valid(BoxPerformer, value)
        return found

    async def _ask(self, document: str, variables: Mapping[str, Any]) -> BoxAnswer:
        """With patience: what may pass is asked for again, later and later."""
        for attempt in range(1, self._manners.attempts):
            await self._limiter.acquire(Priority.BACKGROUND)
            try:
                return await self._exchange.ask(document, variables)
            except StashBoxPassing as error:
                pause = self._manners.backoff_seconds * 2 ** (attempt - 1)
                if error.pause is not None:
                    pause = max(pause, error.pause)
                if pause > self._manners.longest_pause:
                    raise
                # Never sooner than the box asks.
                await asyncio.sleep(pause * (1 + secrets.SystemRandom().random() / 4))
        await self._limiter.acquire(Priority.BACKGROUND)
        return await self._exchange.ask(document, variables)

    def _valid(self, kind: type[Any], value: Any) -> Any:
        try:
            return kind.model_validate(value)
        except ValidationError as error:
            raise StashBoxUnavailable(
                f"{self.name} answered in an unknown form; expected a stash-box's performers"
            ) from error
