"""Objects of stash-boxes as they were last seen. For ``Library.reading`` and ``writing``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from stash_sense.library.schema import upstream_snapshots as table
from stash_sense.library.times import utc_now
from stash_sense.library.upsert import upsert


@dataclass(frozen=True)
class UpstreamSnapshot:
    """One object of a stash-box.

    Attributes:
        stash_box_id: what it is there.
        local_entity_id: what it is in Stash; one of several, when Stash has it twice.
        data: its values by field name.
        upstream_updated_at: as the box writes it.
    """

    stash_box_id: str
    local_entity_id: str
    data: Mapping[str, Any]
    upstream_updated_at: str | None


def of_endpoint(connection: Connection, entity_type: str, endpoint: str) -> dict[str, UpstreamSnapshot]:
    """All that were seen on one stash-box, by their id there."""
    found = connection.execute(
        select(table).where(table.c.entity_type == entity_type, table.c.endpoint == endpoint)
    )
    return {
        row.stash_box_id: UpstreamSnapshot(
            row.stash_box_id,
            row.local_entity_id,
            row.upstream_data if isinstance(row.upstream_data, dict) else {},
            row.upstream_updated_at,
        )
        for row in found
    }


def save_all(
    connection: Connection, entity_type: str, endpoint: str, snapshots: Iterable[UpstreamSnapshot]
) -> None:
    """Put each in place of the object's earlier one."""
    for snapshot in snapshots:
        upsert(
            connection,
            table,
            ("entity_type", "endpoint", "stash_box_id"),
            {
                "entity_type": entity_type,
                "endpoint": endpoint,
                "stash_box_id": snapshot.stash_box_id,
                "local_entity_id": snapshot.local_entity_id,
                "upstream_data": dict(snapshot.data),
                "upstream_updated_at": snapshot.upstream_updated_at,
                "fetched_at": utc_now(),
            },
        )
