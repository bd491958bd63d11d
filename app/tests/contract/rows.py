"""The rows of the contract's three tables, and which test shows which."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

HEALTH = (
    "GET /health",
    "GET /health/ffmpeg",
    "GET /health/rate-limiter",
    "GET /database/info",
)
IDENTIFICATION = (
    "POST /identify",
    "POST /identify/url",
    "POST /identify/image",
    "POST /identify/gallery",
    "POST /identify/scene",
)
RECOMMENDATIONS = (
    "GET /recommendations",
    "GET /recommendations/counts",
    "GET /recommendations/{id}",
    "POST /recommendations/{id}/resolve",
    "POST /recommendations/{id}/dismiss",
    "POST /recommendations/{id}/dismiss-upstream",
    "GET /recommendations/analysis/types",
    "POST /recommendations/analysis/{type}/run",
    "GET /recommendations/analysis/runs",
    "GET /recommendations/analysis/runs/{id}",
    "GET /recommendations/stash/status",
    "POST /recommendations/actions/merge-performers",
    "POST /recommendations/actions/delete-scene-files",
    "POST /recommendations/actions/update-performer",
    "GET /recommendations/fingerprints/status",
    "POST /recommendations/fingerprints/generate",
    "POST /recommendations/fingerprints/stop",
    "GET /recommendations/fingerprints/progress",
    "POST /recommendations/fingerprints/refresh",
    "POST /recommendations/fingerprints/refresh-all",
    "GET /recommendations/upstream/field-config/{endpoint}",
    "POST /recommendations/upstream/field-config/{endpoint}",
    "GET /recommendations/settings",
    "GET /recommendations/settings/{key}",
    "POST /recommendations/settings/{key}",
)
ROWS = (*HEALTH, *IDENTIFICATION, *RECOMMENDATIONS)

Test = TypeVar("Test", bound=Callable[..., object])
_SHOWN_BY = "contract_rows"


def shows(*rows: str) -> Callable[[Test], Test]:
    """Marks a test as the one that shows these rows."""

    def mark(test: Test) -> Test:
        unknown = set(rows) - set(ROWS)
        assert not unknown, f"not in the contract: {unknown}"
        setattr(test, _SHOWN_BY, rows)
        return test

    return mark


def shown_by(test: object) -> tuple[str, ...]:
    """The rows that a test shows."""
    rows: tuple[str, ...] = getattr(test, _SHOWN_BY, ())
    return rows
