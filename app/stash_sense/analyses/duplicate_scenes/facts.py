"""What is compared of a scene."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

WHOLE: Final = 1_000_000
"""A share of 1, in the unit of shares. Whole numbers add up to the same sum in any order."""

StashId = tuple[str, str]
"""A stash-box's endpoint, and the scene's id there."""


@dataclass(frozen=True)
class SceneFacts:
    """A scene, as far as it is compared with others.

    Attributes:
        scene_id: Stash's.
        stash_ids: the scenes on stash-boxes that it is known to be.
        studio_id: Stash's; None when Stash names no studio.
        performer_ids: of those whom Stash names as performers.
        date: days since 0001-01-01; None when it is unknown, or known to the month only.
        duration: seconds; None when it is unknown.
        shares: of the faces in the scene, those of each recognised performer, by the performer's id on the
            stash-box; in millionths (``WHOLE``).
    """

    scene_id: int
    stash_ids: frozenset[StashId] = frozenset()
    studio_id: int | None = None
    performer_ids: frozenset[int] = frozenset()
    date: int | None = None
    duration: float | None = None
    shares: Mapping[str, int] = field(default_factory=dict)


def share_of(proportion: float | None) -> int:
    """A stored proportion, 0 to 1, in millionths; what is no such number counts as 0."""
    if proportion is None or not proportion > 0:
        return 0
    return round(min(proportion, 1.0) * WHOLE)


def day_of(date: str | None) -> int | None:
    """The day number of Stash's "2024-03-17"; None for nothing, a year or a month alone."""
    if date is None:
        return None
    try:
        return dt.date.fromisoformat(date).toordinal()
    except ValueError:
        return None
