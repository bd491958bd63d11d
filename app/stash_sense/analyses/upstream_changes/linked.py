"""Stash's performers that are known on one stash-box."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stash_sense.analyses.upstream_changes.local import local_values
from stash_sense.stash.client import Priority, StashClient
from stash_sense.stash.objects.performers import Performer


@dataclass(frozen=True)
class LinkedPerformer:
    """What is needed of one: Stash's id, name and picture, and the values to compare."""

    id: str
    name: str
    image_path: str | None
    values: Mapping[str, Any]


async def linked_performers(
    stash: StashClient, endpoint: str, priority: Priority
) -> dict[str, list[LinkedPerformer]]:
    """By their id on the stash-box; several where Stash has one twice."""
    linked: dict[str, list[LinkedPerformer]] = defaultdict(list)
    async for performer in stash.performers.all(priority, stash_box_endpoint=endpoint):
        for known in performer.stash_ids:
            if known.endpoint == endpoint:
                linked[known.stash_id].append(_linked(performer))
    return linked


def _linked(performer: Performer) -> LinkedPerformer:
    return LinkedPerformer(performer.id, performer.name, performer.image_path, local_values(performer))
