"""The promised scores of a pair, by their formulas and at their borders."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from stash_sense.analyses.duplicate_scenes.facts import WHOLE, SceneFacts, day_of, share_of
from stash_sense.analyses.duplicate_scenes.scoring import (
    FACES_MOST,
    MATCH,
    METADATA_MOST,
    MOST,
    face_score,
    metadata_score,
    score,
)
from tests.analyses.duplicate_scenes.scenes import FACTS

Shares = dict[str, float]


def seen(**shares: float) -> SceneFacts:
    return SceneFacts(1, shares={who: share_of(share) for who, share in shares.items()})


def known(**facts: Any) -> SceneFacts:
    performers = frozenset(facts.pop("performers", ()))
    return SceneFacts(1, performer_ids=performers, **facts)


@pytest.mark.parametrize(
    ("one", "other", "points"),
    [
        ({"a": 1.0}, {"a": 1.0}, 85.0),
        ({"a": 0.6, "b": 0.4}, {"a": 0.6, "b": 0.4}, 85.0),
        # |0.6 - 0.5| and |0.4 - 0.5|: 0.1 on average.
        ({"a": 0.6, "b": 0.4}, {"a": 0.5, "b": 0.5}, 85 * 0.8),
        # Who is in one only counts with all of their share: (0.2 + 0.2) / 2.
        ({"a": 0.8, "b": 0.2}, {"a": 1.0}, 85 * 0.6),
        # (0.8 + 0.8) / 2 would be less than nothing.
        ({"a": 0.2, "b": 0.8}, {"a": 1.0}, 0.0),
        ({"a": 0.1, "b": 0.1}, {"c": 0.1, "d": 0.1}, 0.0),
        ({}, {"a": 1.0}, 0.0),
        ({}, {}, 0.0),
    ],
)
def test_the_face_score_is_the_mean_difference_of_shares(one: Shares, other: Shares, points: float) -> None:
    assert face_score(seen(**one), seen(**other)) == pytest.approx(points)


@pytest.mark.parametrize(
    ("one", "other", "points"),
    [
        ({"studio_id": 1}, {"studio_id": 1}, 20),
        ({"studio_id": 1}, {"studio_id": 2}, 0),
        ({"studio_id": None}, {"studio_id": None}, 0),
        ({"performers": {1, 2}}, {"performers": {1, 2}}, 20),
        ({"performers": {1, 2, 3}}, {"performers": {1, 2, 4}}, 12),
        ({"performers": {1, 2}}, {"performers": {1, 3}}, 0),
        ({"performers": ()}, {"performers": ()}, 0),
        # Date and duration alone say nothing.
        ({"date": 5, "duration": 60.0}, {"date": 5, "duration": 60.0}, 0),
        ({"studio_id": 1, "date": 5}, {"studio_id": 1, "date": 5}, 20 * 1.5),
        ({"studio_id": 1, "date": 5}, {"studio_id": 1, "date": 12}, 20 * 1.3),
        ({"studio_id": 1, "date": 5}, {"studio_id": 1, "date": 13}, 20),
        ({"studio_id": 1, "duration": 60.0}, {"studio_id": 1, "duration": 65.0}, 20 * 1.5),
        ({"studio_id": 1, "duration": 60.0}, {"studio_id": 1, "duration": 90.0}, 20 * 1.3),
        ({"studio_id": 1, "duration": 60.0}, {"studio_id": 1, "duration": 90.1}, 20),
        ({"studio_id": 1, "date": 5, "duration": 60.0}, {"studio_id": 1, "date": 5, "duration": 60.0}, 40),
        (
            {"studio_id": 1, "performers": {1}, "date": 5, "duration": 60.0},
            {"studio_id": 1, "performers": {1}, "date": 5, "duration": 60.0},
            60,
        ),
    ],
)
def test_the_metadata_score_is_a_base_times_a_factor(
    one: dict[str, Any], other: dict[str, Any], points: float
) -> None:
    assert metadata_score(known(**one), known(**other)) == pytest.approx(points)


def test_the_weaker_signal_adds_a_third_of_itself_less_a_little() -> None:
    both = SceneFacts(1, studio_id=1, shares={"a": WHOLE})
    # 85 + 0.3 * 20
    assert score(both, both) == pytest.approx(91)


def test_one_scene_of_a_stash_box_is_one_scene_whatever_else_differs() -> None:
    one = SceneFacts(1, stash_ids=frozenset({("https://a", "x")}), shares={"a": WHOLE})
    other = SceneFacts(2, stash_ids=frozenset({("https://a", "x"), ("https://b", "y")}), studio_id=4)
    assert score(one, other) == MATCH
    assert score(one, SceneFacts(3, stash_ids=frozenset({("https://b", "x")}))) == 0


@given(FACTS, FACTS)
def test_scores_are_symmetric_and_within_their_bounds(one: SceneFacts, other: SceneFacts) -> None:
    assert score(one, other) == score(other, one)
    assert 0 <= face_score(one, other) <= FACES_MOST
    assert 0 <= metadata_score(one, other) <= METADATA_MOST
    assert 0 <= score(one, other) <= MOST or score(one, other) == MATCH


@pytest.mark.parametrize("date", [None, "", "2024", "2024-03", "yesterday"])
def test_a_date_that_is_no_day_is_unknown(date: str | None) -> None:
    assert day_of(date) is None


def test_days_are_counted() -> None:
    later, earlier = day_of("2024-03-01"), day_of("2024-02-28")
    assert later is not None
    assert earlier is not None
    assert later - earlier == 2


@pytest.mark.parametrize(
    ("stored", "share"), [(None, 0), (-1.0, 0), (float("nan"), 0), (7.0, WHOLE), (0.5, 500_000)]
)
def test_a_stored_proportion_becomes_a_share(stored: float | None, share: int) -> None:
    assert share_of(stored) == share
