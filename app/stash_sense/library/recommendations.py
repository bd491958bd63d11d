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
from collections.abc import Iterator, Sequence, Set
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, insert, select, update

from stash_sense.library import dismissals
from stash_sense.library.dismissals import Dismissal
from stash_sense.library.recommendation import Draft, Outcome, Recommendation
from stash_sense.library.schema import recommendations as table
from stash_sense.library.times import utc_now

__all__ = [
    "CAUSE_GONE",
    "Draft",
    "Outcome",
    "Recommendation",
    "recommend",
    "recommend_all",
    "retire",
    "without_cause",
]

CAUSE_GONE: Final = "cause_gone"
"""The resolution's action when nothing is left to do: the user, or Stash, did it elsewhere."""

Target = tuple[str, str]
"""Its type and its id."""

_AT_ONCE: Final = 500
"""Rows that one statement asks for, or changes; databases limit a statement's parameters."""


def recommend(connection: Connection, analysis: str, draft: Draft, run_id: int | None = None) -> Outcome:
    """Make or update the target's recommendation, by the module's rules."""
    (outcome,) = recommend_all(connection, analysis, (draft,), run_id)
    return outcome


def recommend_all(
    connection: Connection, analysis: str, drafts: Sequence[Draft], run_id: int | None = None
) -> list[Outcome]:
    """Do so for many, in the same order; in few statements when most are new."""
    outcomes: list[Outcome] = []
    for some in _batches(drafts):
        batch = _Batch(connection, analysis, some, run_id)
        outcomes += [batch.recommend(draft) for draft in some]
        batch.insert()
    return outcomes


class _Batch:
    """Drafts about different targets, and what is known of these."""

    def __init__(
        self, connection: Connection, analysis: str, drafts: Sequence[Draft], run_id: int | None
    ) -> None:
        self._connection = connection
        self._analysis = analysis
        self._run_id = run_id
        self._new: list[dict[str, Any]] = []
        self._rows: dict[Target, Row[Any]] = {}
        self._dismissals: dict[Target, Dismissal] = {}
        for kind in {draft.target_type for draft in drafts}:
            ids = [draft.target_id for draft in drafts if draft.target_type == kind]
            for row in connection.execute(_of_targets(analysis, kind, ids)):
                # Earlier sidecars' tables may hold it as a number.
                self._rows[kind, str(row.target_id)] = row
            for target_id, dismissal in dismissals.of_targets(connection, analysis, kind, ids).items():
                self._dismissals[kind, target_id] = dismissal

    def recommend(self, draft: Draft) -> Outcome:
        target = (draft.target_type, draft.target_id)
        row, dismissal = self._rows.get(target), self._dismissals.get(target)
        if dismissal is not None or (row is not None and row.status == "dismissed"):
            if not draft.reopens or (dismissal is not None and dismissal.permanent):
                return Outcome.DISMISSED
            dismissals.remove(self._connection, self._analysis, *target)
        content: dict[str, Any] = {
            # As it will be read, so that it can be compared.
            "details": json.loads(json.dumps(dict(draft.details))),
            "confidence": draft.confidence,
            "source_analysis_id": self._run_id,
        }
        if row is None:
            self._new.append(
                {"type": self._analysis, "target_type": target[0], "target_id": target[1], **content}
            )
            return Outcome.CREATED
        return self._renew(row, content)

    def insert(self) -> None:
        """Write what is new."""
        if self._new:
            self._connection.execute(insert(table), self._new)

    def _renew(self, row: Row[Any], content: dict[str, Any]) -> Outcome:
        same = row.details == content["details"] and row.confidence == content["confidence"]
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
        self._connection.execute(update(table).where(table.c.id == row.id).values(**content))
        return Outcome.UPDATED if row.status == "pending" else Outcome.CREATED


def _batches(drafts: Sequence[Draft]) -> Iterator[Sequence[Draft]]:
    """As they come, each target only once in a batch."""
    batch: dict[Target, Draft] = {}
    for draft in drafts:
        target = (draft.target_type, draft.target_id)
        if target in batch or len(batch) == _AT_ONCE:
            yield tuple(batch.values())
            batch = {}
        batch[target] = draft
    if batch:
        yield tuple(batch.values())


def without_cause(connection: Connection, analysis: str, target_type: str, causes: Set[str]) -> list[int]:
    """The ids of the pending ones whose target is not in ``causes``."""
    pending = connection.execute(
        select(table.c.id, table.c.target_id).where(
            table.c.type == analysis, table.c.target_type == target_type, table.c.status == "pending"
        )
    )
    return [row.id for row in pending if str(row.target_id) not in causes]


def retire(connection: Connection, numbers: Sequence[int]) -> int:
    """Resolve those of these ids that are pending still: their cause has gone; gives how many they were."""
    retired = 0
    for start in range(0, len(numbers), _AT_ONCE):
        changed = connection.execute(
            update(table)
            .where(table.c.id.in_(numbers[start : start + _AT_ONCE]), table.c.status == "pending")
            .values(status="resolved", resolution_action=CAUSE_GONE, resolved_at=utc_now())
        )
        retired += changed.rowcount
    return retired


def _of_targets(analysis: str, target_type: str, target_ids: Sequence[str]) -> Select[Any]:
    return select(table).where(
        table.c.type == analysis,
        table.c.target_type == target_type,
        table.c.target_id.in_(target_ids),
    )
