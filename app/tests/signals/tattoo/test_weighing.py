from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_sense.signals.tattoo.weighing import tattoo_weight


@pytest.mark.parametrize(
    ("distance", "weight"), [(None, 1), (0, 1.2), (0.25, 1.2), (0.26, 1.1), (0.4, 1.1), (0.41, 1), (2, 1)]
)
def test_a_nearer_tattoo_weighs_more_and_none_changes_nothing(distance: float | None, weight: float) -> None:
    assert tattoo_weight(distance) == weight


@given(st.floats(0, 2), st.floats(0, 2))
def test_a_tattoo_never_speaks_against_anybody_and_a_farther_one_less_for_them(
    one: float, two: float
) -> None:
    near, far = sorted((one, two))
    assert 1 <= tattoo_weight(far) <= tattoo_weight(near)
