"""Performers who are in Stash more than once: they have the same id on the same stash-box."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import anyio.to_thread

from stash_sense.analyses.base import AnalysisContext, Draft, Watermark
from stash_sense.library import dismissals
from stash_sense.stash.objects.performers import Performer

Identity = tuple[str, str]
"""A stash-box's endpoint, and an id there."""


class DuplicatePerformer:
    """Recommends to merge them, into the one with the most content."""

    type = "duplicate_performer"
    description = "Finds performers that share an id on the same stash-box, to be merged"

    async def run(self, context: AnalysisContext) -> None:
        everybody = context.every(context.stash.performers.page)
        known = [performer async for performer in everybody if performer.stash_ids]
        # Who has said no to a merger has said it for all of its performers, whoever comes first by now.
        unwanted = await context.library.reading(
            lambda connection: dismissals.targets(connection, self.type, "performer")
        )
        found = await anyio.to_thread.run_sync(lambda: list(drafts(known, unwanted)))
        await context.recommend_all(found)
        await context.retire("performer", {draft.target_id for draft in found})
        await context.set_watermark(Watermark())


def drafts(performers: Iterable[Performer], unwanted: set[str]) -> Iterator[Draft]:
    """One for each performer to keep; of several reasons to keep the same one, that with the most duplicates.

    Args:
        unwanted: ids of performers whose mergers are of no interest.
    """
    groups: dict[Identity, list[Performer]] = defaultdict(list)
    for performer in performers:
        for identity in {(known.endpoint, known.stash_id) for known in performer.stash_ids}:
            groups[identity].append(performer)
    several = [(identity, _best_first(group)) for identity, group in groups.items() if len(group) > 1]
    kept: set[str] = set()
    for identity, group in sorted(several, key=lambda item: (-len(item[1]), item[0])):
        if group[0].id not in kept and not unwanted.intersection(performer.id for performer in group):
            kept.add(group[0].id)
            yield Draft("performer", group[0].id, _details(identity, group), confidence=1.0)


def total_content(performer: Performer) -> int:
    """Scenes, images and galleries together."""
    return performer.scene_count + performer.image_count + performer.gallery_count


def _best_first(performers: Iterable[Performer]) -> list[Performer]:
    # Among equals the one that has been there longest.
    return sorted(performers, key=lambda performer: (-total_content(performer), int(performer.id)))


def _details(identity: Identity, group: Sequence[Performer]) -> dict[str, Any]:
    endpoint, stash_id = identity
    return {
        "endpoint": endpoint,
        "stash_id": stash_id,
        "suggested_keeper_id": group[0].id,
        "performers": [
            {
                "id": performer.id,
                "name": performer.name,
                "scene_count": performer.scene_count,
                "image_count": performer.image_count,
                "gallery_count": performer.gallery_count,
                "total_content": total_content(performer),
                "is_suggested_keeper": performer is group[0],
                "image_path": performer.image_path,
            }
            for performer in group
        ],
    }
