"""Stash's string of sizes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_sense.stash.measurements import Measurements, parse_measurements

SIZES = st.none() | st.integers(1, 999)
CUPS = st.none() | st.text("ABCDEFGHJK", min_size=1, max_size=4)


@given(SIZES, CUPS, SIZES, SIZES)
def test_what_is_written_is_read_again(
    band: int | None, cup: str | None, waist: int | None, hip: int | None
) -> None:
    sizes = Measurements(band, cup, waist, hip)
    assert parse_measurements(str(sizes)) == sizes


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        (None, Measurements()),
        ("", Measurements()),
        ("34C-26-36", Measurements(34, "C", 26, 36)),
        ("34C - 26 - 36", Measurements(34, "C", 26, 36)),
        ("34DD", Measurements(34, "DD")),
        ("34C-26", Measurements(34, "C", 26)),
        ("-26-36", Measurements(None, None, 26, 36)),
        ("34C--36", Measurements(34, "C", None, 36)),
        ("34DD/E-26-36", Measurements(34, "DD/E", 26, 36)),
        ("86-60-90", Measurements(86, None, 60, 90)),
    ],
)
def test_the_usual_ways_of_writing_it_are_understood(text: str | None, sizes: Measurements) -> None:
    assert parse_measurements(text) == sizes


@pytest.mark.parametrize("text", ["very tall", "34C/26/36", "34C-26-36-40", "34.5C-26-36"])
def test_anything_else_is_named_and_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="34C-26-36"):
        parse_measurements(text)
