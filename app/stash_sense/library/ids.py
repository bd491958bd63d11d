"""The numbers of rows."""

from __future__ import annotations

_GREATEST = 2**31 - 1


def is_row_id(number: int) -> bool:
    """Whether a row can have this number at all; PostgreSQL refuses a greater one, not just finds none."""
    return 0 < number <= _GREATEST
