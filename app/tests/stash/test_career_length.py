"""Stash's string of two years."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_sense.stash.career_length import CareerLength, parse_career_length

YEARS = st.none() | st.integers(1000, 9999)


@given(YEARS, YEARS)
def test_what_is_written_is_read_again(start: int | None, end: int | None) -> None:
    career = CareerLength(start, end)
    assert parse_career_length(str(career)) == career


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (None, None, None),
        (" ", None, None),
        ("2010", 2010, None),
        ("2010-", 2010, None),
        ("2010 - 2023", 2010, 2023),
        ("2010\u20132023", 2010, 2023),
        ("2010 to 2023", 2010, 2023),
        ("2010 - Present", 2010, None),
        ("- 2023", None, 2023),
    ],
)
def test_the_usual_ways_of_writing_it_are_understood(
    text: str | None, start: int | None, end: int | None
) -> None:
    assert parse_career_length(text) == CareerLength(start, end)


@pytest.mark.parametrize("text", ["since long ago", "2010-2013, 2015-", "10-12", "-", "2010/2023"])
def test_anything_else_is_named_and_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="2010-2023"):
        parse_career_length(text)


@pytest.mark.parametrize(
    ("career", "text"),
    [
        (CareerLength(2010, 2023), "2010-2023"),
        (CareerLength(2010), "2010-"),
        (CareerLength(end=2023), "-2023"),
    ],
)
def test_it_is_written_as_promised(career: CareerLength, text: str) -> None:
    assert str(career) == text
