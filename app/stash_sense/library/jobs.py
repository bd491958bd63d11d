"""What goes on in the background: one of a kind at a time among all who share the database."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from stash_sense.library.schema import background_jobs as table

JobStatus = Literal["idle", "running", "stopping", "paused", "completed", "error"]
_AT_WORK = ("running", "stopping")


class JobTakenError(Exception):
    """Another sidecar does it now; this one is to leave it alone."""


@dataclass(frozen=True)
class Job:
    """The last or present one of its kind.

    Attributes:
        owner: who does or did it, see ``owners``.
        run_id: of the analysis run that it is, if it is one.
        config: what it was started with.
        progress: how far it is.
        resumed: how often it was taken up after a stop without having got any further.
    """

    kind: str
    status: JobStatus
    owner: int | None
    run_id: int | None
    config: dict[str, Any]
    progress: dict[str, Any]
    resumed: int

    def at_work(self, alive: Set[int]) -> bool:
        """Whether somebody does it."""
        return self.status in _AT_WORK and self.owner in alive

    def interrupted(self, alive: Set[int]) -> bool:
        """Whether it was being done, by somebody who has gone."""
        return self.status in _AT_WORK and self.owner not in alive


def find(connection: Connection, kind: str) -> Job | None:
    """The job of that kind; None when there never was one."""
    row = connection.execute(select(table).where(table.c.kind == kind)).one_or_none()
    return None if row is None else _job(row)


def everything(connection: Connection) -> list[Job]:
    """The jobs of all kinds."""
    return [_job(row) for row in connection.execute(select(table).order_by(table.c.kind))]


def lock(connection: Connection, kind: str) -> Job:
    """The job of that kind, an idle one when there never was one; nobody else changes it until the end."""
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    connection.execute(
        insert(table)
        .values(kind=kind, status="idle", config={}, progress={})
        .on_conflict_do_nothing(index_elements=["kind"])
    )
    return _job(connection.execute(select(table).where(table.c.kind == kind).with_for_update()).one())


def begin(
    connection: Connection,
    kind: str,
    owner: int,
    *,
    config: Mapping[str, Any],
    progress: Mapping[str, Any],
    run_id: int | None = None,
    resumed: int = 0,
) -> None:
    """It is this owner's now. Only after ``lock`` has shown that nobody is at it."""
    _change(
        connection,
        kind,
        status="running",
        owner=owner,
        run_id=run_id,
        config=dict(config),
        progress=dict(progress),
        resumed=resumed,
    )


def note(
    connection: Connection, kind: str, owner: int, progress: Mapping[str, Any], *, further: bool = True
) -> JobStatus:
    """How far it is; gives its status, which others may have changed to "stopping".

    Args:
        further: whether it is further than when it was last interrupted.

    Raises:
        JobTakenError: it is not this owner's any more.
    """
    values: dict[str, Any] = {"progress": dict(progress)}
    if further:
        values["resumed"] = 0
    changed = connection.execute(
        update(table)
        .where(table.c.kind == kind, table.c.owner == owner)
        .values(**values)
        .returning(table.c.status)
    ).one_or_none()
    if changed is None:
        raise JobTakenError(kind)
    status: JobStatus = changed.status
    return status


def set_status(connection: Connection, kind: str, status: JobStatus) -> None:
    """Change it, whoever's it is."""
    _change(connection, kind, status=status)


def end(
    connection: Connection,
    kind: str,
    owner: int,
    status: JobStatus,
    progress: Mapping[str, Any] | None = None,
) -> None:
    """It is over, if it is this owner's still."""
    values: dict[str, Any] = {"status": status}
    if progress is not None:
        values["progress"] = dict(progress)
    connection.execute(update(table).where(table.c.kind == kind, table.c.owner == owner).values(**values))


def _change(connection: Connection, kind: str, **values: Any) -> None:
    connection.execute(update(table).where(table.c.kind == kind).values(**values))


def _job(row: Row[Any]) -> Job:
    return Job(row.kind, row.status, row.owner, row.run_id, row.config, row.progress, row.resumed)
