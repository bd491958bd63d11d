"""What the user decides about a recommendation. For ``Library.writing``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, update

from stash_sense.library import dismissals, recommendation_list
from stash_sense.library.schema import recommendations as table
from stash_sense.library.times import utc_now


def resolve(connection: Connection, number: int, action: str, details: Any = None) -> bool:
    """It is dealt with; false when there is no such recommendation."""
    if recommendation_list.find(connection, number) is None:
        return False
    connection.execute(
        update(table)
        .where(table.c.id == number)
        .values(
            status="resolved", resolution_action=action, resolution_details=details, resolved_at=utc_now()
        )
    )
    return True


def dismiss(connection: Connection, number: int, reason: str | None, *, permanent: bool) -> bool:
    """The user does not want to hear of its target again; false when there is no such recommendation.

    Args:
        permanent: not even when there is something newer about it.
    """
    found = recommendation_list.find(connection, number)
    if found is None:
        return False
    connection.execute(update(table).where(table.c.id == number).values(status="dismissed"))
    dismissals.save(
        connection, found.type, found.target_type, found.target_id, reason=reason, permanent=permanent
    )
    return True
