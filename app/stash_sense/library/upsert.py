"""Insert a row, or change the one that is there: one statement on either kind of database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from stash_sense.library.times import utc_now


def upsert(connection: Connection, table: Table, key: Iterable[str], values: Mapping[str, Any]) -> None:
    """Put ``values``, the key's columns among them, in place of the row with the same key.

    What a row that is there holds in other columns stays; ``updated_at``, where there is one, becomes now.
    """
    changed = {name: value for name, value in values.items() if name not in (wanted := tuple(key))}
    if "updated_at" in table.columns:
        changed.setdefault("updated_at", utc_now())
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = insert(table).values(**values)
    if changed:
        connection.execute(statement.on_conflict_do_update(index_elements=wanted, set_=changed))
    else:
        connection.execute(statement.on_conflict_do_nothing(index_elements=wanted))
