"""A field that is missing, renamed or of another type is noticed, however deep; an added one is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.recommendation_shapes import COUNTS, RUN
from tests.contract.shapes import check

GOOD = {
    "id": 1,
    "type": "duplicate_performer",
    "status": "running",
    "started_at": "2025-01-01 00:00:00",
    "completed_at": None,
    "items_total": 3,
    "items_processed": 0,
    "recommendations_created": 0,
    "error_message": None,
}


def test_an_answer_as_promised_passes_with_fields_added() -> None:
    check([GOOD, {**GOOD, "added": []}], [RUN])
    check({"counts": {"any": {"pending": 3}}, "total_pending": 3}, COUNTS)


@pytest.mark.parametrize("field", sorted(GOOD))
def test_a_missing_field_is_noticed(field: str) -> None:
    rest = {name: value for name, value in GOOD.items() if name != field}
    with pytest.raises(AssertionError, match=f"lacks.*{field}"):
        check([GOOD, {**rest, f"{field}s": GOOD[field]}], [RUN])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "1"),
        ("id", True),
        ("items_processed", 0.5),
        ("status", "stopped"),
        ("started_at", None),
        ("completed_at", 5),
    ],
)
def test_another_type_or_value_is_noticed(field: str, value: Any) -> None:
    with pytest.raises(AssertionError, match=rf"answer\[0\]\.{field} is"):
        check([{**GOOD, field: value}], [RUN])


def test_what_lies_under_free_keys_is_looked_at_too() -> None:
    with pytest.raises(AssertionError, match=r"counts\.any\.pending"):
        check({"counts": {"any": {"pending": "3"}}, "total_pending": 3}, COUNTS)
