"""The recommendations as they are listed. For ``Library.reading``."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from stash_sense.library.ids import is_row_id
from stash_sense.library.recommendation import Recommendation, RecommendationStatus
from stash_sense.library.schema import recommendations as table

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """Which ones; None: any."""

    status: RecommendationStatus | None = None
    type: str | None = None
    target_type: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        asked = {"status": self.status, "type": self.type, "target_type": self.target_type}
        return [table.c[name] == value for name, value in asked.items() if value is not None]


@dataclass(frozen=True)
class Listed:
    """A page, and how many there are in all."""

    recommendations: list[Recommendation]
    total: int


def page(connection: Connection, wanted: Wanted, limit: int, offset: int) -> Listed:
    """The newest first."""
    conditions = wanted.conditions()
    rows = connection.execute(
        select(table)
        .where(*conditions)
        .order_by(table.c.created_at.desc(), table.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    total = connection.scalar(select(func.count()).select_from(table).where(*conditions))
    return Listed([_recommendation(row) for row in rows], total or 0)


def find(connection: Connection, number: int) -> Recommendation | None:
    """The one with this id; None when there is none."""
    if not is_row_id(number):
        return None
    row = connection.execute(select(table).where(table.c.id == number)).one_or_none()
    return None if row is None else _recommendation(row)


def counts(connection: Connection) -> dict[str, dict[str, int]]:
    """How many there are of each type and status."""
    found: dict[str, dict[str, int]] = {}
    rows = connection.execute(
        select(table.c.type, table.c.status, func.count())
        .group_by(table.c.type, table.c.status)
        .order_by(table.c.type, table.c.status)
    )
    for kind, status, number in rows:
        found.setdefault(kind, {})[status] = number
    return found


def _recommendation(row: Row[Any]) -> Recommendation:
    return Recommendation(
        id=row.id,
        type=row.type,
        status=row.status,
        target_type=row.target_type,
        # Earlier sidecars' tables may hold it as a number.
        target_id=str(row.target_id),
        details=_details(row),
        confidence=row.confidence,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _details(row: Row[Any]) -> dict[str, Any]:
    if isinstance(row.details, dict):
        return row.details
    # One row that another program has spoilt must not hide all the others.
    logger.warning(
        "recommendation %d: its details are no JSON object, and are listed as empty; "
        "running %s again may put them right",
        row.id,
        row.type,
    )
    return {}
