"""Which performers of a stash-box a run asks for, so that it asks for few."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Mapping, Set
from dataclasses import dataclass

import anyio.to_thread

from stash_sense.analyses.upstream_changes.places import BoxPlace
from stash_sense.library.watermarks import Watermark
from stash_sense.stashbox.box import StashBoxApi
from stash_sense.stashbox.errors import StashBoxRefused
from stash_sense.stashbox.instants import instant
from stash_sense.stashbox.objects import BoxPerformer


@dataclass(frozen=True)
class Portion:
    """Some performers to look at.

    Attributes:
        asked: the ids that were asked for.
        found: what the box has of them, by the id that was asked for: that of a performer who was merged into
            another gives the other.
        after: once they are done, as in ``BoxPlace``.
        looked: as in ``BoxPlace``.
    """

    asked: Collection[str]
    found: Mapping[str, BoxPerformer]
    after: str | None
    looked: frozenset[str] | None


async def upstream_performers(
    box: StashBoxApi, linked: Collection[str], seen: Collection[str], mark: Watermark, place: BoxPlace
) -> AsyncIterator[Portion]:
    """The performers to look at, some at a time.

    Everything at first; later those that have changed since the watermark, those that are new in Stash, and
    those that had to be put off.

    Args:
        linked: ids on the box of the performers that Stash has.
        seen: ids of which there is a snapshot.
        place: where to go on. Until the first ids were asked for, that is the beginning: the list of changes
            is short, and is read anew.
    """
    size, again, looked = box.per_request, postponed(mark), place.looked
    if place.after is None and mark.last_stash_updated_at is not None:
        changed = await _changed(box, linked, mark.last_stash_updated_at)
        if changed is not None:
            looked = frozenset(_outstanding(changed, seen, again))
            there = list(changed)
            for start in range(0, len(there), size):
                some = there[start : start + size]
                yield Portion(some, {one: changed[one] for one in some}, None, looked)
    ids = await anyio.to_thread.run_sync(_ids_to_ask_for, linked, seen, again, looked, place.after)
    for start in range(0, len(ids), size):
        some = ids[start : start + size]
        yield Portion(some, await box.performers(some), some[-1], looked)


def _ids_to_ask_for(
    linked: Collection[str],
    seen: Collection[str],
    again: Set[str],
    looked: Set[str] | None,
    after: str | None,
) -> list[str]:
    wanted = set(linked) if looked is None else _outstanding(linked, seen, again) - looked
    return sorted(one for one in wanted if after is None or one > after)


def _outstanding(ids: Collection[str], seen: Collection[str], again: Set[str]) -> set[str]:
    """Those who are to be looked at even when nothing has changed."""
    return {one for one in ids if one not in seen or one in again}


async def _changed(box: StashBoxApi, linked: Collection[str], since: str) -> dict[str, BoxPerformer] | None:
    """Those that Stash has; None when reading all that changed is more work than asking for each."""
    try:
        return await _few_changed(box, linked, since)
    except StashBoxRefused:
        # An imitation of a stash-box that has no such list.
        return None


async def _few_changed(
    box: StashBoxApi, linked: Collection[str], since: str
) -> dict[str, BoxPerformer] | None:
    allowed = box.requests_for(len(linked)) * box.per_page
    found: dict[str, BoxPerformer] = {}
    number = 0
    async for performer in box.changed_since(since):
        number += 1
        if number > allowed:
            return None
        if performer.id in linked:
            found[performer.id] = performer
    return found


def postponed(mark: Watermark) -> frozenset[str]:
    """The ids that the last run put off."""
    try:
        return frozenset(json.loads(mark.last_cursor or "{}").get("postponed", ()))
    except (ValueError, AttributeError, TypeError):
        return frozenset()


def next_mark(mark: Watermark, newest: str | None, put_off: Collection[str]) -> Watermark:
    """What this run leaves for the next: the newest change seen, and what it put off."""
    moments = [moment for moment in (mark.last_stash_updated_at, newest) if moment is not None]
    return Watermark(
        last_cursor=json.dumps({"postponed": sorted(put_off)}) if put_off else None,
        last_stash_updated_at=max(moments, key=instant, default=None),
    )
