"""Performers: what is asked and changed."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from pydantic import TypeAdapter

from stash_sense.stash.connection import StashConnection, checked_id, present
from stash_sense.stash.links import three_links
from stash_sense.stash.objects.performers import Performer, PerformerUpdate
from stash_sense.stash.paging import Found, Page, all_items, page_of, updated_after
from stash_sense.stash.rate_limiter import Priority

_PERFORMER = TypeAdapter(Performer | None)
_PERFORMERS = TypeAdapter(Found[Performer])
_DONE = TypeAdapter(bool)


class Performers:
    """Stash's performers. Every call raises StashError."""

    def __init__(self, connection: StashConnection) -> None:
        self._connection = connection

    async def get(self, performer_id: str, priority: Priority = Priority.INTERACTIVE) -> Performer:
        """The performer with this id. Raises StashNotFound when there is none."""
        return await self._connection.get("performer", performer_id, _PERFORMER, priority)

    async def page(
        self,
        page: int,
        per_page: int,
        priority: Priority,
        stash_box_endpoint: str | None = None,
        updated_since: str | None = None,
    ) -> Page[Performer]:
        """Page `page`, counted from 1, of the performers by id.

        Of all, or of those that have an id on this stash-box, or that changed after a time (RFC 3339).
        """
        known: dict[str, Any] = updated_after(updated_since)
        if stash_box_endpoint is not None:
            # Newer versions prefer another name for it, and take this one too.
            known["stash_id_endpoint"] = {"endpoint": stash_box_endpoint, "modifier": "NOT_NULL"}
        variables = {"filter": page_of(page, per_page), "performer_filter": known}
        found = await self._connection.api.repeatable("find_performers", variables, _PERFORMERS, priority)
        return found.page()

    def all(
        self, priority: Priority, stash_box_endpoint: str | None = None, updated_since: str | None = None
    ) -> AsyncIterator[Performer]:
        """All of these performers, each once, by id; read page by page."""
        return all_items(
            lambda page, size: self.page(page, size, priority, stash_box_endpoint, updated_since)
        )

    async def update(self, fields: PerformerUpdate, priority: Priority) -> Performer:
        """Change what is given, and return the performer as it is then.

        Raises StashNotFound; StashRefused with what Stash says (a name that is taken, a doubled alias ...).
        """
        api, change = self._connection.api, fields.given()
        checked_id("performer", fields.id)
        if fields.urls is not None and not await api.knows_performer_urls(priority):
            change |= three_links(change.pop("urls"))
        changed = await api.repeatable("performer_update", {"input": change}, _PERFORMER, priority)
        return present("performer", fields.id, changed)

    async def delete(self, performer_ids: Sequence[str], priority: Priority) -> None:
        """Delete performers; Stash refuses it (StashRefused) when one of them is missing."""
        ids = [checked_id("performer", performer_id) for performer_id in performer_ids]
        await self._connection.api.once("performers_destroy", {"ids": ids}, _DONE, priority)
