"""What the plugin keeps for its user: any JSON value by a key."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from stash_sense.library.schema import user_settings as table
from stash_sense.library.upsert import upsert


def everything(connection: Connection) -> dict[str, Any]:
    """All of it, by key."""
    rows = connection.execute(select(table.c.key, table.c.value).order_by(table.c.key))
    return {row.key: row.value for row in rows}


def find(connection: Connection, key: str) -> Any:
    """The value; None when it is unset."""
    return connection.scalar(select(table.c.value).where(table.c.key == key))


def save(connection: Connection, key: str, value: Any) -> None:
    """Set it; JSON's null is a value too."""
    upsert(connection, table, ("key",), {"key": key, "value": value})
