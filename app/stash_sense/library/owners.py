"""Who is alive of those that work on a database.

Every sidecar has a number, drawn at its start. What it does in the background bears that number, so that
another one which starts meanwhile can tell what a stop has interrupted from what goes on elsewhere.

On PostgreSQL a sidecar holds an advisory lock of its number on a connection of its own: the server drops it
in the moment in which that connection ends, however the sidecar did. There is no clock in it, and no period
of grace to wait for. A SQLite file is one sidecar's: every other number is of one that has gone.
"""

from __future__ import annotations

import secrets
from typing import Final

from sqlalchemy import Connection, text

LOCKS: Final = 0x5EA5E
"""The class of the advisory locks that are owners."""

_HELD = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = :locks AND objsubid = 2"
    " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def new_owner() -> int:
    """A number that nobody else has."""
    return 1 + secrets.randbelow(2**31 - 1)


def at_work(connection: Connection, mine: int, *, here: bool) -> set[int]:
    """The owners whose work of one kind goes on.

    Args:
        here: whether this sidecar is at it; what bears its number otherwise has ended without a word.
    """
    return alive(connection, mine) if here else alive(connection, mine) - {mine}


def alive(connection: Connection, mine: int) -> set[int]:
    """The owners that are at work now, this one among them."""
    if connection.dialect.name != "postgresql":
        return {mine}
    return {mine, *connection.execute(_HELD, {"locks": LOCKS}).scalars()}
