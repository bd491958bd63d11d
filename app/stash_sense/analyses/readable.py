"""Quantities as people read them."""

from __future__ import annotations


def readable_size(size: int) -> str:
    """Bytes, as "1.4 GB": in units of 1024, as Stash and file managers count."""
    if size < 1024:
        return f"{size} B"
    value = float(size)
    for unit in ("KB", "MB", "GB"):
        value /= 1024
        # What rounds to 1024.0 is one of the next unit.
        if value < 1023.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1024:.1f} TB"


def readable_duration(seconds: float) -> str:
    """As "1:02:03", or "2:03" below an hour; the parts of a second are cut off."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
