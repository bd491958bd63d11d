"""What the tests of this analysis look at."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from stash_sense.stashbox.manners import Manners
from tests.support.analysis_trial import Trial
from tests.support.stash_server import StashPerformer, StashServer
from tests.support.stashbox_server import BoxRecord, StashBoxServer

QUICK = Manners(rate=500, batch=4, page=3, attempts=2, backoff_seconds=0.01)
SOON, LATER, LATEST = (f"2025-0{month}-01T00:00:00Z" for month in (2, 3, 4))


@dataclass
class World:
    """A Stash, two stash-boxes, and the analysis between them."""

    stash: StashServer
    box: StashBoxServer
    second: StashBoxServer
    trial: Trial

    def link(self, number: int, record: BoxRecord, box: StashBoxServer | None = None, **local: Any) -> str:
        """A performer whom both have; gives the id on the box."""
        box, box_id = box or self.box, str(uuid.UUID(int=number))
        box.performers[box_id] = record
        local.setdefault("name", record.name)
        mine = self.stash.performers.setdefault(str(number), StashPerformer(**local))
        mine.stash_ids.append((box.endpoint, box_id))
        return box_id

    async def changes(self, number: int = 1) -> dict[str, tuple[Any, Any, Any]]:
        """What waits for the user: local, upstream and previous value by field."""
        found = (await self.trial.found()).get(str(number))
        return {
            change["field"]: (
                change["local_value"],
                change["upstream_value"],
                change["previous_upstream_value"],
            )
            for change in (found.details["changes"] if found else ())
        }
