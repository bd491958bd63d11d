"""The three-way comparison, as mathematics."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stash_sense.analyses.upstream_changes.diff import Change, changes, joined, still_open
from stash_sense.analyses.upstream_changes.equality import equal
from stash_sense.analyses.upstream_changes.fields import FIELDS, Kind

ALL = frozenset(FIELDS)
EMPTY = st.sampled_from([None, "", "  ", [], [""]])
WORDS = st.sampled_from(["Ann", "ann", "ANN ", "Bea", "bea", "Cal", "MIDDLE_EASTERN", "Middle Eastern"])
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: WORDS | EMPTY,
    Kind.ENUM: WORDS | EMPTY,
    Kind.NUMBER: st.sampled_from([0, 1, "1", 170, "170", " 170", "170.5"]) | EMPTY,
    Kind.FLAG: st.booleans() | EMPTY,
    Kind.LIST: st.lists(WORDS, max_size=3) | EMPTY,
    Kind.MARKS: st.sampled_from(["arm, a rose; leg", "leg; arm, a rose", "Leg"]) | EMPTY,
}
# Twenty-three fields each: many comparisons in one example.
FEW = settings(max_examples=30, deadline=None)
PERFORMERS = st.fixed_dictionaries({name: VALUES[field.kind] for name, field in FIELDS.items()})


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (Kind.TEXT, "Ann", " ANN"),
        (Kind.TEXT, None, ""),
        (Kind.TEXT, None, []),
        (Kind.TEXT, "Strasse", "straße"),
        (Kind.ENUM, "MIDDLE_EASTERN", "Middle Eastern"),
        (Kind.NUMBER, 170, "170"),
        (Kind.NUMBER, 0, None),
        (Kind.FLAG, False, None),
        (Kind.LIST, ["a", "B"], ("b", "A", "a")),
        (Kind.LIST, [], None),
        (Kind.LIST, [""], None),
        (Kind.MARKS, "arm, a rose; leg", "Leg;arm, a rose"),
        # As an earlier sidecar may have remembered it.
        (Kind.MARKS, [{"location": "arm", "description": "a rose"}, {"location": "leg"}], "leg; arm, a rose"),
    ],
)
def test_case_order_and_kind_of_emptiness_make_no_difference(kind: Kind, one: Any, other: Any) -> None:
    assert equal(kind, one, other)
    assert equal(kind, other, one)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (Kind.TEXT, "Ann", "Anna"),
        (Kind.TEXT, "a_b", "a b"),
        (Kind.NUMBER, 170, 171),
        (Kind.NUMBER, 170, "170.5"),
        (Kind.FLAG, True, False),
        (Kind.LIST, ["a"], ["a", "b"]),
        (Kind.MARKS, "arm", "arm, a rose"),
    ],
)
def test_everything_else_does(kind: Kind, one: Any, other: Any) -> None:
    assert not equal(kind, one, other)


@FEW
@given(PERFORMERS, PERFORMERS, PERFORMERS | st.none())
def test_a_change_is_new_upstream_and_not_yet_local(
    local: dict[str, Any], upstream: dict[str, Any], seen: dict[str, Any] | None
) -> None:
    found = {change.field: change for change in changes(local, upstream, seen, ALL)}
    for name, field in FIELDS.items():
        before = None if seen is None else seen[name]
        expected = not equal(field.kind, upstream[name], before) and not equal(
            field.kind, upstream[name], local[name]
        )
        if name == "aliases" and expected:
            continue  # the name may be the only difference
        assert (name in found) == expected
    for change in found.values():
        assert change.upstream_value == upstream[change.field]
        assert change.local_value == local[change.field]
        assert change.previous_upstream_value == (None if seen is None else seen[change.field])


@FEW
@given(PERFORMERS, PERFORMERS)
def test_what_has_not_changed_upstream_is_left_alone(local: dict[str, Any], upstream: dict[str, Any]) -> None:
    assert changes(local, upstream, upstream, ALL) == []


@FEW
@given(PERFORMERS, PERFORMERS, PERFORMERS)
def test_taking_every_change_over_leaves_none(
    local: dict[str, Any], upstream: dict[str, Any], seen: dict[str, Any]
) -> None:
    taken = local | {change.field: change.upstream_value for change in changes(local, upstream, seen, ALL)}
    assert changes(taken, upstream, seen, ALL) == []
    assert still_open(changes(local, upstream, seen, ALL), taken, upstream) == []


@FEW
@given(PERFORMERS, PERFORMERS, PERFORMERS)
def test_changes_stay_open_until_somebody_does_something(
    local: dict[str, Any], upstream: dict[str, Any], seen: dict[str, Any]
) -> None:
    found = changes(local, upstream, seen, ALL)
    assert still_open(found, local, upstream) == found
    assert joined([], found) == joined(found, []) == found


@FEW
@given(PERFORMERS, PERFORMERS, st.sets(st.sampled_from(sorted(FIELDS))))
def test_only_enabled_fields_are_compared(
    local: dict[str, Any], upstream: dict[str, Any], enabled: set[str]
) -> None:
    everything = changes(local, upstream, None, ALL)
    expected = [change for change in everything if change.field in enabled]
    assert changes(local, upstream, None, enabled) == expected


def test_a_box_that_never_had_anything_to_say_says_nothing() -> None:
    local = {"name": "Ann", "country": "DE"}
    assert changes(local, {"name": "Ann", "country": None}, None, ALL) == []


def test_what_a_box_has_taken_back_is_a_change() -> None:
    found = changes({"country": "DE"}, {"country": None}, {"country": "DE"}, ALL)
    assert found == [Change("country", "DE", None, "DE")]


def test_a_field_that_the_box_does_not_know_is_not_compared() -> None:
    assert changes({"details": "Much."}, {}, {"details": "More."}, ALL) == []


def test_the_name_among_the_aliases_is_no_difference() -> None:
    local = {"name": "Ann", "aliases": ["Annie"]}
    assert changes(local, {"aliases": ["annie", "ANN"]}, None, ALL) == []
    assert len(changes(local, {"aliases": ["Annie", "Ann", "Anna"]}, None, ALL)) == 1


def test_a_change_that_the_box_has_changed_again_is_no_longer_open() -> None:
    earlier = Change("country", "DE", "AT", None)
    assert still_open([earlier], {"country": "DE"}, {"country": "CH"}) == []
    assert still_open([earlier], {"country": "FR"}, {"country": "at"}) == [
        Change("country", "FR", "AT", None)
    ]


def test_a_new_change_stands_for_the_older_one_of_its_field() -> None:
    older, newer, other = (
        Change("country", "DE", "AT", None),
        Change("country", "DE", "CH", "AT"),
        Change("name", "Ann", "Anna", None),
    )
    assert joined([newer], [older, other]) == [other, newer]


def test_a_change_is_told_as_the_plugin_reads_it() -> None:
    assert Change("eye_color", None, "Blue", None).as_json() == {
        "field": "eye_color",
        "field_label": "Eye Color",
        "local_value": None,
        "upstream_value": "Blue",
        "previous_upstream_value": None,
        "merge_type": "simple",
    }


def test_all_promised_fields_are_there_with_a_way_to_merge_them() -> None:
    promised = """name disambiguation aliases gender birthdate death_date ethnicity country eye_color
        hair_color height cup_size band_size waist_size hip_size breast_type tattoos piercings
        career_start_year career_end_year urls details favorite"""
    assert list(FIELDS) == promised.split()
    assert {field.merge_type for field in FIELDS.values()} == {"simple", "text", "name", "alias_list"}
