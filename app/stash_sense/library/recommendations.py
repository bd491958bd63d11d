"""The recommendations in the database: made, kept up to date, retired.

One target has one recommendation of a type. Recommending it again

* brings a pending one up to date;
* leaves a resolved one alone while its details are the same, for the user has dealt with them, and makes it
  pending again when they have changed, or when it was resolved only because its cause had gone;
* does nothing about a target that the user has dismissed, unless the dismissal is not for good and the draft
  is about something newer.
"""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from stash_sense.library import dismissals
from stash_sense.library.recommendation import Draft, Outcome, Recommendation
from stash_sense.library.schema import recommendations as table
from stash_sense.library.times import utc_now

__all__ = ["CAUSE_GONE", "Draft", "Outcome", "Recommendation", "recommend", "retire"]

CAUSE_GONE: Final = "cause_gone"
"""The resolution's action when nothing is left to do: the user, or Stash, did it elsewhere."""


def recommend(connection: Connection, analysis: str, draft: Draft, run_id: int | None = None) -> Outcome:
    """Make or update the target's recommendation, by the module's rules."""
    row = _of_target(connection, analysis, draft)
    dismissal = dismissals.find(connection, analysis, draft.target_type, draft.target_id)
    if dismissal is not None or (row is not None and row.status == "dismissed"):
        if not draft.reopens or (dismissal is not None and dismissal.permanent):
            return Outcome.DISMISSED
        dismissals.remove(connection, analysis, draft.target_type, draft.target_id)
    content: dict[str, Any] = {
        # As it will be read, so that it can be compared.
        "details": json.loads(json.dumps(dict(draft.details))),
        "confidence": draft.confidence,
        "source_analysis_id": run_id,
    }
    if row is None:
        connection.execute(
            insert(table).values(
                type=analysis, target_type=draft.target_type, target_id=draft.target_id, **content
            )
        )
        return Outcome.CREATED
    same = row.details == content["details"] and row.confidence == draft.confidence
    if same and (
        row.status == "pending" or (row.status == "resolved" and row.resolution_action != CAUSE_GONE)
    ):
        return Outcome.UNCHANGED
    if row.status != "pending":
        content |= {
            "status": "pending",
            "resolution_action": None,
            "resolution_details": None,
            "resolved_at": None,
        }
    connection.execute(update(table).where(table.c.id == row.id).values(**content))
    return Outcome.UPDATED if row.status == "pending" else Outcome.CREATED


def retire(connection: Connection, analysis: str, target_type: str, causes: set[str]) -> int:
    """Resolve the pending ones whose target is not in ``causes``; gives their number."""
    pending = connection.execute(
        select(table.c.id, table.c.target_id).where(
            table.c.type == analysis, table.c.target_type == target_type, table.c.status == "pending"
        )
    )
    gone = [row.id for row in pending if str(row.target_id) not in causes]
    for number in gone:
        connection.execute(
            update(table)
            .where(table.c.id == number)
            .values(status="resolved", resolution_action=CAUSE_GONE, resolved_at=utc_now())
        )
    return len(gone)


def _of_target(connection: Connection, analysis: str, draft: Draft) -> Row[Any] | None:
    return connection.execute(
        select(table).where(
            table.c.type == analysis,
            table.c.target_type == draft.target_type,
            table.c.target_id == draft.target_id,
        )
    ).one_or_none()
