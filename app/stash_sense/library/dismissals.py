"""The targets that the user does not want to hear of, for each analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, select

from stash_sense.library.schema import dismissed_targets as table
from stash_sense.library.times import utc_now
from stash_sense.library.upsert import upsert


@dataclass(frozen=True)
class Dismissal:
    """A target's. ``permanent``: not even something newer is of interest."""

    dismissed_at: str
    reason: str | None
    permanent: bool


def of_targets(
    connection: Connection, analysis: str, target_type: str, target_ids: Sequence[str]
) -> dict[str, Dismissal]:
    """The dismissals of those of these targets that have one, by the target's id."""
    found = connection.execute(
        select(table).where(
            table.c.type == analysis,
            table.c.target_type == target_type,
            table.c.target_id.in_(target_ids),
        )
    )
    return {str(row.target_id): _dismissal(row) for row in found}


def targets(connection: Connection, analysis: str, target_type: str) -> set[str]:
    """The ids of all that are dismissed."""
    query = select(table.c.target_id).where(table.c.type == analysis, table.c.target_type == target_type)
    return {str(target_id) for target_id in connection.scalars(query)}


def save(
    connection: Connection,
    analysis: str,
    target_type: str,
    target_id: str,
    *,
    reason: str | None,
    permanent: bool,
) -> None:
    """Dismiss a target, or dismiss it anew."""
    upsert(
        connection,
        table,
        ("type", "target_type", "target_id"),
        {
            "type": analysis,
            "target_type": target_type,
            "target_id": target_id,
            "dismissed_at": utc_now(),
            "reason": reason,
            "permanent": permanent,
        },
    )


def remove(connection: Connection, analysis: str, target_type: str, target_id: str) -> None:
    """Let the target be recommended again."""
    connection.execute(delete(table).where(_is(analysis, target_type, target_id)))


def _dismissal(row: Row[Any]) -> Dismissal:
    # Earlier sidecars' tables let `permanent` be empty.
    return Dismissal(row.dismissed_at, row.reason, bool(row.permanent))


def _is(analysis: str, target_type: str, target_id: str) -> ColumnElement[bool]:
    return and_(table.c.type == analysis, table.c.target_type == target_type, table.c.target_id == target_id)
