"""Times as the database holds them: UTC, to the second, as text that sorts by time."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> str:
    """Now, as ``YYYY-MM-DD HH:MM:SS`` in UTC; what SQLite's CURRENT_TIMESTAMP gives too."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
