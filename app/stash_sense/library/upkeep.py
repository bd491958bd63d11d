"""From whatever schema a database has to the newest, within the caller's transaction."""

from __future__ import annotations

import logging

from sqlalchemy import Connection, delete, func, insert, inspect, select, update

from stash_sense.library import owners, schema
from stash_sense.library.backend import Backend
from stash_sense.library.errors import StoreError
from stash_sense.library.times import utc_now

logger = logging.getLogger(__name__)


def bring_up_to_date(connection: Connection, backend: Backend, owner: int) -> None:
    """Create the tables, or migrate them; then end what a stop has interrupted.

    Args:
        owner: this sidecar's number, see ``owners``.

    Raises:
        StoreError: not the sidecar's database, or of a newer schema; the transaction is to be rolled back.
    """
    place = backend.place
    version = _version(connection, backend)
    if version is None:
        _create(connection)
        logger.info("%s: created, schema %d", place, schema.SCHEMA)
        backend.fill(connection)
    elif version > schema.SCHEMA:
        raise StoreError(
            f"{place}: schema {version} is newer than {schema.SCHEMA}, the newest known here; "
            "update the sidecar, or put a backup of before the update in its place"
        )
    elif version < schema.SCHEMA:
        _migrate(connection, version)
        logger.info("%s: brought from schema %d to %d", place, version, schema.SCHEMA)
    if version is not None:
        for table in schema.UNCOUNTED:
            table.create(connection, checkfirst=True)
    lacking = _lacking(connection)
    if lacking:
        raise StoreError(
            f"{place}: says schema {version} and lacks {', '.join(lacking)}; {backend.elsewhere}"
        )
    for index in schema.ADDED_INDICES:
        index.create(connection, checkfirst=True)
    _fail_interrupted_runs(connection, owner)


def _version(connection: Connection, backend: Backend) -> int | None:
    """The schema's number; None for a database without any tables."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    version: object = None
    if schema.schema_version.name in tables:
        # A writer may have kept a row for each step.
        version = connection.scalar(select(func.max(schema.schema_version.c.version)))
    if not str(version).isdecimal() or version == 0:
        raise StoreError(
            f"{backend.place}: not the sidecar's database: it has tables ({', '.join(sorted(tables)[:3])}) "
            f"and no schema_version; {backend.elsewhere}"
        )
    return int(str(version))


def _create(connection: Connection) -> None:
    schema.metadata.create_all(connection, checkfirst=False)
    for key, value in schema.STARTING_SETTINGS.items():
        connection.execute(insert(schema.user_settings).values(key=key, value=value))
    _write_version(connection)


def _migrate(connection: Connection, version: int) -> None:
    # Rarely needed, and slow to import.
    from stash_sense.library.migrations.run import migrate  # noqa: PLC0415

    migrate(connection, version)
    _write_version(connection)


def _write_version(connection: Connection) -> None:
    connection.execute(delete(schema.schema_version))
    connection.execute(insert(schema.schema_version).values(version=schema.SCHEMA))


def _lacking(connection: Connection) -> list[str]:
    """Tables, and columns as "table.column", that are not there."""
    present = {name: columns for (_, name), columns in inspect(connection).get_multi_columns().items()}
    lacking = []
    for table in schema.metadata.sorted_tables:
        names = {column["name"] for column in present.get(table.name, [])}
        wanted = [column.name for column in table.columns if column.name not in names]
        lacking += [f"{table.name}.{name}" for name in wanted] if names else [table.name]
    return lacking


def _fail_interrupted_runs(connection: Connection, owner: int) -> None:
    runs, jobs = schema.analysis_runs, schema.background_jobs
    going_on = select(jobs.c.run_id).where(
        jobs.c.run_id.is_not(None),
        jobs.c.status == "running",
        jobs.c.owner.in_(owners.alive(connection, owner)),
    )
    ended = connection.execute(
        update(runs)
        .where(runs.c.status == "running", runs.c.id.not_in(going_on))
        .values(
            status="failed",
            completed_at=utc_now(),
            error_message=func.coalesce(runs.c.error_message, "interrupted: the sidecar stopped"),
        )
    )
    if ended.rowcount:
        logger.info("%d analysis runs were interrupted by the last stop: now failed", ended.rowcount)
