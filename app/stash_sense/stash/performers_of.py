"""Who is named in scenes, images and galleries: the same for all three."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Literal

from pydantic import TypeAdapter

from stash_sense.stash.connection import StashConnection, checked_id
from stash_sense.stash.objects.base import Reference
from stash_sense.stash.paging import Found, Page, all_items, page_of
from stash_sense.stash.rate_limiter import Priority

# Ids are short, and each change costs Stash a transaction.
_IDS_PER_PAGE = 1000
_IDS_PER_CHANGE = 100
_FOUND = TypeAdapter(Found[Reference])
_CHANGED = TypeAdapter(tuple[Reference, ...] | None)


class IdMode(StrEnum):
    """What to do with a list of ids (Stash's BulkUpdateIdMode)."""

    SET = "SET"
    ADD = "ADD"
    REMOVE = "REMOVE"


class PerformersOf:
    """The performers of one kind of content."""

    def __init__(self, connection: StashConnection, kind: Literal["scene", "image", "gallery"]) -> None:
        self._connection = connection
        self._kind = kind

    async def ids(self, performer_id: str, priority: Priority) -> list[str]:
        """The ids of all content that names this performer."""
        who = {"performers": {"value": [checked_id("performer", performer_id)], "modifier": "INCLUDES"}}

        async def page(number: int, per_page: int) -> Page[Reference]:
            variables = {"filter": page_of(number, per_page), f"{self._kind}_filter": who}
            found = await self._connection.api.repeatable(
                f"find_{self._kind}_ids", variables, _FOUND, priority
            )
            return found.page()

        return [item.id async for item in all_items(page, _IDS_PER_PAGE)]

    async def update(
        self, ids: Sequence[str], performer_ids: Sequence[str], mode: IdMode, priority: Priority
    ) -> None:
        """Change the performers of content with these ids; harmless when done twice."""
        api = self._connection.api
        for start in range(0, len(ids), _IDS_PER_CHANGE):
            change: dict[str, Any] = {
                "ids": list(ids[start : start + _IDS_PER_CHANGE]),
                "performer_ids": {"ids": list(performer_ids), "mode": mode.value},
            }
            await api.repeatable(f"bulk_{self._kind}_update", {"input": change}, _CHANGED, priority)
