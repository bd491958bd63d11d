"""From a ``stash_sense.db`` to a database that takes its place: everything that it remembers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import JSON, Column, Connection, Integer, Table, Text, delete, func, insert, select, text

from stash_sense.library import schema

logger = logging.getLogger(__name__)

_ROWS_AT_ONCE = 1000


Read = Callable[[Table], Iterable[Mapping[str, Any]]]


def carry_over(read: Read, target: Connection) -> int:
    """Copy every row into tables that were just made, within the caller's transaction; gives their number.

    Both databases have the newest schema. What earlier sidecars' loose tables let through is put right on the
    way: numbers in the place of texts, nothing in the place of defaults, references to rows that are gone.
    """
    copied = 0
    for table in schema.metadata.sorted_tables:
        if table is schema.schema_version or table in schema.UNCOUNTED:
            continue
        target.execute(delete(table))
        present = _present(table, target)
        rows: list[dict[str, Any]] = []
        for row in read(table):
            values = {column.name: _fitting(column, row[column.name]) for column in table.columns}
            if _refers(table, values, present):
                rows.append(values)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            target.execute(insert(table), rows[start : start + _ROWS_AT_ONCE])
        copied += len(rows)
        _count_on(table, target)
    return copied


def _fitting(column: Column[Any], value: Any) -> Any:
    if value is None and not column.nullable and column.default is not None:
        default = column.default.arg  # type: ignore[attr-defined]
        return default(None) if callable(default) else default
    if value is not None and isinstance(column.type, Text) and not isinstance(column.type, JSON):
        return str(value)
    return value


def _present(table: Table, target: Connection) -> dict[str, set[Any]]:
    """The keys that the table's references may have."""
    return {key.parent.name: set(target.scalars(select(key.column))) for key in table.foreign_keys}


def _refers(table: Table, values: dict[str, Any], present: dict[str, set[Any]]) -> bool:
    """Whether the row can be kept; a reference that may be empty is emptied when it leads nowhere."""
    for name, keys in present.items():
        if values[name] is not None and values[name] not in keys:
            if not table.columns[name].nullable:
                logger.warning("%s: left out a row that belongs to none: %s", table.name, values)
                return False
            values[name] = None
    return True


def _count_on(table: Table, target: Connection) -> None:
    """Let new rows get numbers after those that were copied."""
    number = table.columns.get("id")
    if target.dialect.name != "postgresql" or number is None or not isinstance(number.type, Integer):
        return
    greatest = target.scalar(select(func.max(number)))
    if greatest is not None:
        target.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :value)"),
            {"name": table.name, "value": greatest},
        )
