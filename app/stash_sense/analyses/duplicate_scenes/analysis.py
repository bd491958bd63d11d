"""The analysis ``duplicate_scenes``."""

from __future__ import annotations

from typing import Final

import anyio.to_thread

from stash_sense.analyses.base import AnalysisContext, Draft
from stash_sense.analyses.duplicate_scenes.fingerprints import read_fingerprints
from stash_sense.analyses.duplicate_scenes.from_stash import facts_of
from stash_sense.analyses.duplicate_scenes.incidence import Rows
from stash_sense.analyses.duplicate_scenes.partners import Partner, PartnerSearch
from stash_sense.analyses.duplicate_scenes.reasoning import details_of
from stash_sense.analyses.duplicate_scenes.table import SceneTable, TableBuilder
from stash_sense.stash.paging import all_items

SCENE: Final = "scene"

_SCENES_PER_PAGE: Final = 500
"""A library of 100,000 scenes in 200 calls, at Stash's rate in 40 seconds. To read a larger page would keep
the event loop from other requests for longer than they should wait."""

_SCENES_PER_STEP: Final = 500
"""Between two steps it can be stopped, and says how far it is."""


class DuplicateScenes:
    """Recommends, for each scene, the later one that is most likely the same."""

    type: Final = "duplicate_scenes"
    description: Final = (
        "Scenes that are probably the same film: by stash-box id, by who is recognised in them, "
        "by studio, performers, date and duration"
    )

    async def run(self, context: AnalysisContext) -> None:
        """Compare the whole library: a scene that is new may have its partner among the oldest."""
        table = await self._read(context)
        search = await anyio.to_thread.run_sync(PartnerSearch, table)
        recommended: set[str] = set()
        for start in range(0, len(table), _SCENES_PER_STEP):
            rows = search.order[start : start + _SCENES_PER_STEP]
            drafts = await anyio.to_thread.run_sync(_drafts, table, search, rows)
            if drafts:
                await context.recommend_all(drafts)
            recommended.update(draft.target_id for draft in drafts)
            await context.progress(start + len(rows), len(table))
        await context.retire(SCENE, recommended)

    async def _read(self, context: AnalysisContext) -> SceneTable:
        fingerprints = await context.library.reading(read_fingerprints)
        builder = TableBuilder()
        pages = all_items(
            lambda page, size: context.stash.scenes.page(page, size, context.priority), _SCENES_PER_PAGE
        )
        async for scene in pages:
            builder.add(facts_of(scene, fingerprints.of(int(scene.id))))
        await context.progress(0, len(builder))
        return await anyio.to_thread.run_sync(builder.build)


def _drafts(table: SceneTable, search: PartnerSearch, rows: Rows) -> list[Draft]:
    found = (search.best(row) for row in rows.tolist())
    return [_draft(table, partner) for partner in found if partner is not None]


def _draft(table: SceneTable, partner: Partner) -> Draft:
    one, other = table.facts(partner.row), table.facts(partner.other)
    return Draft(SCENE, str(one.scene_id), details_of(one, other), partner.score / 100)
