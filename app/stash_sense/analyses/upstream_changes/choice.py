"""Which performers of a stash-box a run asks for, so that it asks for few."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Mapping

from stash_sense.library.watermarks import Watermark
from stash_sense.stashbox.box import StashBoxApi
from stash_sense.stashbox.errors import StashBoxRefused
from stash_sense.stashbox.instants import instant
from stash_sense.stashbox.objects import BoxPerformer


async def upstream_performers(
    box: StashBoxApi, linked: Collection[str], seen: Collection[str], mark: Watermark
) -> AsyncIterator[tuple[Collection[str], Mapping[str, BoxPerformer]]]:
    """The performers to look at, some at a time: the ids that were asked for, and what the box has of them.

    By the id that was asked for: that of a performer who was merged into another gives the other.

    Everything at first; later those that have changed since the watermark, those that are new in Stash, and
    those that had to be put off.

    Args:
        linked: ids on the box of the performers that Stash has.
        seen: ids of which there is a snapshot.
    """
    wanted = set(linked)
    since = mark.last_stash_updated_at
    if since is not None:
        try:
            changed = await _changed(box, wanted, since)
        except StashBoxRefused:
            # An imitation of a stash-box that has no such list.
            changed = None
        if changed is not None:
            yield changed.keys(), changed
            again = postponed(mark)
            wanted = {one for one in wanted if one not in seen or one in again} - changed.keys()
    ids = sorted(wanted)
    for start in range(0, len(ids), box.per_request):
        some = ids[start : start + box.per_request]
        yield some, await box.performers(some)


async def _changed(box: StashBoxApi, linked: Collection[str], since: str) -> dict[str, BoxPerformer] | None:
    """Those that Stash has; None when reading all that changed is more work than asking for each."""
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
