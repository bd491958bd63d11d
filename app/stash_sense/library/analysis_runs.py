"""The analyses' runs in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Row, insert, select, update

from stash_sense.library.ids import is_row_id
from stash_sense.library.schema import analysis_runs as table
from stash_sense.library.times import utc_now

RunStatus = Literal["running", "completed", "failed"]


@dataclass(frozen=True)
class Run:
    """One run, as it is kept. Times are UTC, ``YYYY-MM-DD HH:MM:SS``."""

    id: int
    type: str
    status: RunStatus
    started_at: str
    completed_at: str | None
    items_total: int | None
    items_processed: int
    recommendations_created: int
    cursor: str | None
    error_message: str | None


def begin(connection: Connection, analysis: str, cursor: str | None = None) -> int:
    """A new run, running; gives its id."""
    added = insert(table).values(type=analysis, cursor=cursor).returning(table.c.id)
    return int(connection.execute(added).scalar_one())


def note(
    connection: Connection,
    run_id: int,
    *,
    processed: int,
    total: int | None,
    created: int,
    cursor: str | None,
) -> None:
    """How far it is; a total that is not known leaves the one that was. Clears what it waited for."""
    values: dict[str, object] = {
        "items_processed": processed,
        "recommendations_created": created,
        "cursor": cursor,
        "error_message": None,
    }
    if total is not None:
        values["items_total"] = total
    _change(connection, run_id, **values)


def waiting(connection: Connection, run_id: int, reason: str) -> None:
    """It runs, and waits for something."""
    _change(connection, run_id, error_message=reason)


def complete(connection: Connection, run_id: int, created: int) -> None:
    """It is done."""
    _change(
        connection,
        run_id,
        status="completed",
        completed_at=utc_now(),
        recommendations_created=created,
        error_message=None,
    )


def fail(connection: Connection, run_id: int, reason: str) -> None:
    """It has ended before it was done."""
    _change(connection, run_id, status="failed", completed_at=utc_now(), error_message=reason)


def find(connection: Connection, run_id: int) -> Run | None:
    """The run with this id; None when there is none."""
    if not is_row_id(run_id):
        return None
    row = connection.execute(select(table).where(table.c.id == run_id)).one_or_none()
    return None if row is None else _run(row)


def newest(connection: Connection, analysis: str | None = None, limit: int = 20) -> Sequence[Run]:
    """The newest runs, newest first."""
    query = select(table).order_by(table.c.started_at.desc(), table.c.id.desc()).limit(limit)
    if analysis is not None:
        query = query.where(table.c.type == analysis)
    return [_run(row) for row in connection.execute(query)]


def _change(connection: Connection, run_id: int, **values: object) -> None:
    connection.execute(update(table).where(table.c.id == run_id).values(**values))


def _run(row: Row[tuple[object, ...]]) -> Run:
    return Run(
        id=row.id,
        type=row.type,
        status=row.status,
        started_at=row.started_at,
        completed_at=row.completed_at,
        items_total=row.items_total,
        # Earlier sidecars' tables let these be empty.
        items_processed=row.items_processed or 0,
        recommendations_created=row.recommendations_created or 0,
        cursor=row.cursor,
        error_message=row.error_message,
    )
