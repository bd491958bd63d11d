"""A recommendation: something that the user may want to do to one of Stash's objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

RecommendationStatus = Literal["pending", "dismissed", "resolved"]


@dataclass(frozen=True)
class Draft:
    """What an analysis has to say about one target.

    Attributes:
        target_type: "performer", "scene".
        target_id: Stash's.
        details: what the plugin's user interface reads; any JSON object.
        reopens: whether it is about something newer than a dismissal that was not for good.
    """

    target_type: str
    target_id: str
    details: Mapping[str, Any]
    confidence: float | None = None
    reopens: bool = False


class Outcome(Enum):
    """What became of a draft."""

    CREATED = "created"
    """New, or pending again: its cause came back or changed after it was resolved."""
    UPDATED = "updated"
    """It was pending already, and says something newer now."""
    UNCHANGED = "unchanged"
    """It says the same already; also when it was resolved for the very same reason."""
    DISMISSED = "dismissed"
    """The user does not want to hear of this target."""


@dataclass(frozen=True)
class Recommendation:
    """As it is kept. Times are UTC, ``YYYY-MM-DD HH:MM:SS``."""

    id: int
    type: str
    status: RecommendationStatus
    target_type: str
    target_id: str
    details: dict[str, Any]
    confidence: float | None
    created_at: str
    updated_at: str
