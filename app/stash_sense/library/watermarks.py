"""How far each analysis has seen: what lets the next run look at the newer only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from stash_sense.library.schema import analysis_watermarks as table
from stash_sense.library.times import utc_now
from stash_sense.library.upsert import upsert


@dataclass(frozen=True)
class Watermark:
    """What a run left for the next.

    Attributes:
        last_cursor: whatever the analysis makes of it.
        last_stash_updated_at: the newest change that it has seen, as the other side writes times.
        last_completed_at: when it was written, UTC; ``save`` sets it.
    """

    last_cursor: str | None = None
    last_stash_updated_at: str | None = None
    last_completed_at: str | None = None


def name(analysis: str, key: str = "") -> str:
    """The row's key: the analysis, and which of its several watermarks."""
    return f"{analysis}:{key}" if key else analysis


def find(connection: Connection, row: str) -> Watermark:
    """The watermark of that name; an empty one when there is none."""
    found = connection.execute(select(table).where(table.c.type == row)).one_or_none()
    if found is None:
        return Watermark()
    return Watermark(found.last_cursor, found.last_stash_updated_at, found.last_completed_at)


def save(connection: Connection, row: str, watermark: Watermark) -> None:
    """Put it in place of the earlier one."""
    upsert(
        connection,
        table,
        ("type",),
        {
            "type": row,
            "last_completed_at": utc_now(),
            "last_cursor": watermark.last_cursor,
            "last_stash_updated_at": watermark.last_stash_updated_at,
        },
    )
