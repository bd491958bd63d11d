"""Which analyses the user wants."""

from __future__ import annotations

from sqlalchemy import Connection, select

from stash_sense.library.schema import recommendation_settings as table


def switched_off(connection: Connection) -> set[str]:
    """The types that the user does not want; all others are on."""
    rows = connection.execute(select(table.c.type, table.c.enabled))
    # Earlier sidecars' tables let `enabled` be empty.
    return {row.type for row in rows if row.enabled is False}
