"""The changes that wait for the user's decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from stash_sense.analyses.upstream_changes.diff import Change
from stash_sense.library.schema import recommendations as table


@dataclass(frozen=True)
class PendingChanges:
    """A pending recommendation about a performer: of which stash-box it speaks, and its details."""

    endpoint: str
    details: Mapping[str, Any]

    @property
    def changes(self) -> list[Change]:
        """As far as they can be read; an earlier sidecar may have written them."""
        listed = self.details.get("changes")
        return [
            Change(
                str(change.get("field")),
                change.get("local_value"),
                change.get("upstream_value"),
                change.get("previous_upstream_value"),
            )
            for change in (listed if isinstance(listed, Iterable) else ())
            if isinstance(change, Mapping)
        ]


def pending_changes(connection: Connection, analysis: str) -> dict[str, PendingChanges]:
    """All of them, by Stash's id of the performer."""
    found = connection.execute(
        select(table.c.target_id, table.c.details).where(
            table.c.type == analysis, table.c.target_type == "performer", table.c.status == "pending"
        )
    )
    return {
        str(row.target_id): PendingChanges(str(row.details.get("endpoint") or ""), row.details)
        for row in found
        if isinstance(row.details, Mapping)
    }
