from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_sense.recognition.scene.sampling import sample_times, tolerance_of


def test_times_are_spread_evenly_from_the_first_offset_to_the_last() -> None:
    times = sample_times(600, 60, 0.05, 0.95, 1 / 25)
    assert len(times) == 60
    assert (times[0], times[-1]) == pytest.approx((30, 570))
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert gaps == pytest.approx([540 / 59] * 59)


def test_a_scene_of_fewer_frames_than_asked_for_gives_each_once() -> None:
    assert sample_times(2, 60, 0, 1, 0.1) == pytest.approx([i / 10 for i in range(21)])


@pytest.mark.parametrize(("duration", "start", "end"), [(0.03, 0.05, 0.95), (10, 0.5, 0.5), (0, 0, 1)])
def test_a_scene_that_is_too_short_gives_its_middle(duration: float, start: float, end: float) -> None:
    assert sample_times(duration, 60, start, end, 0.04) == [duration / 2]


@given(
    st.floats(0, 1e5),
    st.integers(1, 120),
    st.floats(0, 0.5),
    st.floats(0.5, 1),
    st.floats(1e-3, 10),
)
def test_times_ascend_within_the_offsets_and_are_never_more_than_asked_for(
    duration: float, count: int, start: float, end: float, frame: float
) -> None:
    times = sample_times(duration, count, start, end, frame)
    assert 1 <= len(times) <= count
    assert times == sorted(times)
    slack = 1e-6 * max(1.0, duration)
    assert all(0 <= t <= duration + slack for t in times)
    if len(times) > 1:
        assert duration * start - slack <= times[0]
        assert times[-1] <= duration * end + slack
        # No two of them can be nearer to the same frame than to each other.
        assert times[1] - times[0] >= frame * (1 - 1e-6)
        assert tolerance_of(times) == pytest.approx((times[1] - times[0]) / 2)
