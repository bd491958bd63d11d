from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_sense.signals.body.weighing import body_weight

widths = st.floats(0.2, 5)


@pytest.mark.parametrize(
    ("difference", "weight"),
    [(0, 1), (0.12, 1), (0.1201, 0.85), (0.2, 0.85), (0.2001, 0.6), (0.35, 0.6), (0.3501, 0.3), (9, 0.3)],
)
@pytest.mark.parametrize("known", [1.0, 1.38, 1.5])
def test_a_larger_difference_weighs_less_and_a_limit_itself_does_not_count(
    difference: float, weight: float, known: float
) -> None:
    assert body_weight(known + difference, known) == weight
    assert body_weight(known, known + difference) == weight


@pytest.mark.parametrize(("measured", "known"), [(None, 1.5), (1.5, None), (None, None), (float("nan"), 1.5)])
def test_what_is_unknown_changes_nothing(measured: float | None, known: float | None) -> None:
    assert body_weight(measured, known) == 1


@given(widths, widths, widths)
def test_who_differs_more_never_weighs_more(measured: float, one: float, two: float) -> None:
    near, far = sorted((one, two), key=lambda known: abs(measured - known))
    assert body_weight(measured, far) <= body_weight(measured, near)


@given(widths, widths)
def test_the_weight_is_the_same_whichever_side_it_is_seen_from(one: float, two: float) -> None:
    assert body_weight(one, two) == body_weight(two, one)
    assert 0.3 <= body_weight(one, two) <= 1
