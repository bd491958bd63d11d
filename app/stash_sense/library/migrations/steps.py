"""Steps that revisions share.

Each leaves alone what is there already: an earlier sidecar changed its schema outside a transaction, so that
one which was killed has left a part of the next schema behind.
"""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import Column, Text, inspect, text
from sqlalchemy.schema import SchemaItem


def create_table(name: str, *items: SchemaItem) -> None:
    op.create_table(name, *items, if_not_exists=True)


def add_column(table: str, column: Column[Any]) -> None:
    if column.name not in {present["name"] for present in inspect(op.get_bind()).get_columns(table)}:
        op.add_column(table, column)


def moment(name: str) -> Column[str]:
    """A time that is now unless it is given: UTC, ``YYYY-MM-DD HH:MM:SS``."""
    return Column(name, Text, nullable=False, server_default=text("CURRENT_TIMESTAMP"))
