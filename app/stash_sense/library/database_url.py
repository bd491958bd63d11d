"""DATABASE_URL: which PostgreSQL database."""

from __future__ import annotations

from typing import Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS: Final = ("postgresql", "postgres", "postgresql+psycopg")


def parse_url(value: str) -> URL:
    """The address of a PostgreSQL database. Raises ValueError, whose text never shows the address."""
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError("not an address of a database") from None
    if url.drivername not in _DRIVERS:
        raise ValueError("not an address of a PostgreSQL database")
    if not url.database:
        raise ValueError("the name of the database is missing")
    return url.set(drivername="postgresql+psycopg")
