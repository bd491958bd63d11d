"""The analysis ``upstream_performer_changes``."""

from __future__ import annotations

import logging
from typing import Final

from stash_sense.analyses.base import AnalysisContext
from stash_sense.analyses.upstream_changes.box_run import BoxRun
from stash_sense.analyses.upstream_changes.fields import FIELDS
from stash_sense.analyses.upstream_changes.linked import linked_performers
from stash_sense.analyses.upstream_changes.places import BoxPlace, read_places
from stash_sense.library import upstream_fields
from stash_sense.stash.objects.configuration import StashBox
from stash_sense.stashbox.boxes import StashBoxes
from stash_sense.stashbox.errors import StashBoxError

logger = logging.getLogger(__name__)

PERFORMER: Final = "performer"


class UpstreamPerformerChanges:
    """Recommends what stash-boxes have changed about the performers that Stash has from them."""

    type: Final = "upstream_performer_changes"
    description: Final = "What stash-boxes have changed about performers, and Stash has otherwise"

    def __init__(self, boxes: StashBoxes) -> None:
        self._boxes = boxes

    async def run(self, context: AnalysisContext) -> None:
        """One stash-box after the other; one that fails does not keep the others from being asked.

        Goes on where ``context.cursor`` says: asks no box again for performers that were looked at.

        Raises StashBoxError at the end, when there were failures.
        """
        failures = []
        done = 0
        places = read_places(context.cursor)
        for setting in await context.stash.configuration.stash_boxes(context.priority):
            place = places.get(setting.endpoint)
            if place is not None and place.ended:
                done += place.done
                continue
            try:
                done += await self._look_at(setting, context, places, done)
            except StashBoxError as error:
                logger.warning("upstream changes: %s", error)
                failures.append(str(error))
        if failures:
            raise StashBoxError("; ".join(failures))

    async def _look_at(
        self, setting: StashBox, context: AnalysisContext, places: dict[str, BoxPlace], before: int
    ) -> int:
        """Gives the number of Stash's performers that are known there; keeps ``places`` up to date."""
        endpoint = setting.endpoint
        decided = await context.library.reading(
            lambda connection: upstream_fields.configured(connection, PERFORMER, endpoint)
        )
        run = BoxRun(
            context=context,
            setting=setting,
            linked=await linked_performers(context.stash, endpoint, context.priority),
            enabled=frozenset(name for name in FIELDS if decided.get(name, True)),
            places=places,
            before=before,
        )
        await run.start()
        await run.compare(self._boxes.box(setting))
        await run.finish()
        return len(run.linked)
