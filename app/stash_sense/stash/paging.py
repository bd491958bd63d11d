"""Long lists, page by page."""

import math
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from stash_sense.stash.objects.base import StashObject

PER_PAGE = 100


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Item = TypeVar("Item")
Identified = TypeVar("Identified", bound=_HasId)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items of a list, and how many the whole list has."""

    items: tuple[Item, ...]
    total: int


class Found(StashObject, Generic[Item]):
    """How Stash answers when it is asked for a page."""

    count: int
    items: tuple[Item, ...]

    def page(self) -> Page[Item]:
        """The same, as this package hands it on."""
        return Page(self.items, self.count)


def page_of(page: int, per_page: int) -> dict[str, Any]:
    """Stash's FindFilterType for a page, counted from 1, in the one order in which pages do not shift.

    New objects get the highest ids, and so come last.
    """
    return {"page": page, "per_page": per_page, "sort": "id", "direction": "ASC"}


def updated_after(since: str | None) -> dict[str, Any]:
    """The part of a filter that asks for what changed after `since` (RFC 3339)."""
    return {} if since is None else {"updated_at": {"value": since, "modifier": "GREATER_THAN"}}


async def all_items(
    fetch: Callable[[int, int], Awaitable[Page[Identified]]], per_page: int = PER_PAGE
) -> AsyncIterator[Identified]:
    """Every item of a list whose page `n` is `fetch(n, per_page)`, each once, in the order of their ids.

    When the list becomes shorter meanwhile, what followed moves up onto pages that were read already: so many
    pages are read again.
    """
    page, total, seen = 1, 0, set[str]()
    while True:
        got = await fetch(page, per_page)
        for item in got.items:
            if item.id not in seen:
                seen.add(item.id)
                yield item
        lost, total = total - got.total, got.total
        if lost > 0:
            page = max(1, page - math.ceil(lost / per_page))
        elif page * per_page >= total:
            return
        else:
            page += 1
