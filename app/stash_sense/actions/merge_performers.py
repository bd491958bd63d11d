"""Several performers become one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from stash_sense.actions.aliases import joined_aliases
from stash_sense.actions.errors import ActionRefused
from stash_sense.stash.client import Priority, StashClient, StashNotFound, StashUnavailable
from stash_sense.stash.objects.base import StashID
from stash_sense.stash.objects.performers import Performer, PerformerUpdate
from stash_sense.stash.performers_of import IdMode

_PRIORITY = Priority.USER_ACTION


async def merge_performers(stash: StashClient, destination_id: str, source_ids: Sequence[str]) -> Performer:
    """Give the sources' content, names, aliases and stash-box ids to the destination, and delete them.

    Every step may be done twice, and the sources are deleted last: after a failure half-way the same call
    does the rest. Gives the destination as it is then. Raises ActionRefused, StashError.
    """
    sources = list(dict.fromkeys(source_ids))
    if not sources:
        raise ActionRefused(
            "no performers to merge: source_ids is empty; choose at least one other performer"
        )
    destination = await stash.performers.get(destination_id, _PRIORITY)
    merged = await _existing(stash, sources)
    # By what Stash found: it takes 07 for 7.
    if destination.id in {source.id for source in merged}:
        raise ActionRefused(
            f"performer {destination.id} is to be merged into itself; leave it out of source_ids"
        )
    if not merged:
        raise StashNotFound(
            f"Stash has none of the performers to merge ({', '.join(sources)}): they may have been merged "
            "already; reload the page."
        )
    destination = await _take_names(stash, destination, merged)
    for source in merged:
        await _move_content(stash, source.id, destination.id)
    await _delete(stash, [source.id for source in merged])
    return destination


async def _existing(stash: StashClient, ids: Iterable[str]) -> list[Performer]:
    """One that is missing was merged by an earlier call that failed later."""
    found: dict[str, Performer] = {}
    for performer_id in ids:
        with suppress(StashNotFound):
            performer = await stash.performers.get(performer_id, _PRIORITY)
            found[performer.id] = performer
    return list(found.values())


async def _take_names(stash: StashClient, destination: Performer, merged: Sequence[Performer]) -> Performer:
    aliases = joined_aliases(
        destination.name,
        destination.alias_list,
        *((source.name, *source.alias_list) for source in merged),
    )
    known = _stash_ids(destination, merged)
    change = PerformerUpdate(id=destination.id, alias_list=aliases, stash_ids=known)
    if aliases == destination.alias_list and known == destination.stash_ids:
        return destination
    return await stash.performers.update(change, _PRIORITY)


def _stash_ids(destination: Performer, merged: Sequence[Performer]) -> tuple[StashID, ...]:
    """The destination's, and of those stash-boxes that it is not on yet the sources'."""
    by_endpoint: dict[str, StashID] = {}
    for source in merged:
        for known in source.stash_ids:
            by_endpoint.setdefault(known.endpoint, known)
    on = {known.endpoint for known in destination.stash_ids}
    new = (known for endpoint, known in by_endpoint.items() if endpoint not in on)
    return (*destination.stash_ids, *new)


async def _move_content(stash: StashClient, source_id: str, destination_id: str) -> None:
    """Scenes, images and galleries name the destination too; the source they forget when it is deleted."""
    for kind in (stash.scenes, stash.images, stash.galleries):
        ids = await kind.ids_of_performer(source_id, _PRIORITY)
        if ids:
            await kind.update_performers(ids, [destination_id], IdMode.ADD, _PRIORITY)


async def _delete(stash: StashClient, ids: Sequence[str]) -> None:
    try:
        await stash.performers.delete(ids, _PRIORITY)
    except StashUnavailable:
        # The answer may have been lost, and not the request.
        if await _existing(stash, ids):
            raise
