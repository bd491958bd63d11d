"""From the plugin's fields to Stash's, as mathematics."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_sense.actions.aliases import joined_aliases
from stash_sense.actions.errors import ActionRefused
from stash_sense.actions.performer_fields import KNOWN, performer_update
from stash_sense.analyses.upstream_changes.fields import FIELDS
from stash_sense.analyses.upstream_changes.local import local_values
from stash_sense.stash.objects.performers import Performer

NAMES = st.text("aAbB ", max_size=3)
YEARS = st.none() | st.integers(1900, 2100)
SIZES = st.none() | st.integers(1, 200)
CUPS = st.none() | st.sampled_from(["A", "C", "DD"])
CAREER = st.fixed_dictionaries({}, optional={"career_start_year": YEARS, "career_end_year": YEARS})
BODY = st.fixed_dictionaries(
    {}, optional={"cup_size": CUPS, "band_size": SIZES, "waist_size": SIZES, "hip_size": SIZES}
)


def performer(**values: Any) -> Performer:
    return Performer(id="1", updated_at="2025-01-01T00:00:00Z", **{"name": "Ann", **values})


def change(known: Performer | None = None, **fields: Any) -> dict[str, Any]:
    given_ = performer_update(known or performer(), fields).given()
    assert given_.pop("id") == "1"
    return given_


def test_every_field_that_is_compared_can_be_written() -> None:
    assert set(KNOWN) == {*FIELDS, "_alias_add"}


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ({"name": "Bea"}, {"name": "Bea"}),
        ({"aliases": ["B.", "b.", "ann", " "]}, {"alias_list": ["B."]}),
        ({"aliases": None}, {"alias_list": []}),
        ({"height": 170}, {"height_cm": 170}),
        ({"height": "170"}, {"height_cm": 170}),
        ({"height": 170.0}, {"height_cm": 170}),
        ({"height": None}, {"height_cm": None}),
        ({"height": ""}, {"height_cm": None}),
        ({"breast_type": "Natural"}, {"fake_tits": "Natural"}),
        ({"gender": "Transgender female"}, {"gender": "TRANSGENDER_FEMALE"}),
        ({"gender": None}, {"gender": None}),
        ({"eye_color": "", "details": None}, {"eye_color": "", "details": None}),
        ({"favorite": True}, {"favorite": True}),
        ({"favorite": None}, {"favorite": False}),
        ({"urls": ["https://a", "https://a", "https://b"]}, {"urls": ["https://a", "https://b"]}),
        (
            {"urls": "https://a/x,y, https://b\nhttps://c"},
            {"urls": ["https://a/x,y", "https://b", "https://c"]},
        ),
        ({"career_start_year": 2010, "career_end_year": 2023}, {"career_length": "2010-2023"}),
        ({"career_start_year": "2010"}, {"career_length": "2010-"}),
        ({"career_end_year": 2023}, {"career_length": "-2023"}),
        ({"band_size": 34, "cup_size": "C"}, {"measurements": "34C"}),
        ({"hip_size": "36"}, {"measurements": "--36"}),
    ],
)
def test_fields_are_written_by_stash_s_names_and_in_its_form(
    sent: dict[str, Any], written: dict[str, Any]
) -> None:
    assert change(**sent) == written


@pytest.mark.parametrize(
    ("before", "sent", "after"),
    [
        ("2010 - 2023", {"career_end_year": 2024}, "2010-2024"),
        ("2010-", {"career_end_year": 2024}, "2010-2024"),
        ("2010-2023", {"career_end_year": None}, "2010-"),
        ("2010-2023", {"career_start_year": None, "career_end_year": None}, ""),
        ("on and off", {"career_start_year": 2010, "career_end_year": 2023}, "2010-2023"),
    ],
)
def test_the_year_that_was_not_sent_is_kept(before: str, sent: dict[str, Any], after: str) -> None:
    assert change(performer(career_length=before), **sent) == {"career_length": after}


@given(CAREER, CAREER)
def test_years_are_merged_one_by_one(first: dict[str, Any], second: dict[str, Any]) -> None:
    known = performer()
    for sent in (first, second):
        if sent:
            known = known.model_copy(update=change(known, **sent))
    expected = {"career_start_year": None, "career_end_year": None} | first | second
    assert local_values(known).items() >= expected.items()


@given(BODY, BODY)
def test_sizes_are_merged_one_by_one(first: dict[str, Any], second: dict[str, Any]) -> None:
    known = performer()
    for sent in (first, second):
        if sent:
            known = known.model_copy(update=change(known, **sent))
    expected = dict.fromkeys(("cup_size", "band_size", "waist_size", "hip_size")) | first | second
    assert local_values(known).items() >= expected.items()


@pytest.mark.parametrize(
    ("known", "sent", "said"),
    [
        ({"career_length": "on and off"}, {"career_start_year": 2010}, "on and off"),
        ({"measurements": "very tall"}, {"band_size": 34}, "very tall"),
    ],
)
def test_text_of_the_user_s_own_is_not_overwritten_in_part(
    known: dict[str, Any], sent: dict[str, Any], said: str
) -> None:
    with pytest.raises(ActionRefused, match=said):
        change(performer(**known), **sent)


def test_aliases_are_added_ignoring_case() -> None:
    known = performer(alias_list=("Annie",))
    assert change(known, _alias_add=["ANNIE", "Anna", "anna", "ANN"]) == {"alias_list": ["Annie", "Anna"]}
    assert change(known, _alias_add="Anna") == {"alias_list": ["Annie", "Anna"]}
    assert change(known, aliases=["A."], _alias_add=["B."]) == {"alias_list": ["A.", "B."]}


def test_the_old_name_becomes_an_alias_and_the_new_one_is_none() -> None:
    known = performer(alias_list=("Annie",))
    assert change(known, name="annie", _alias_add=["Ann"]) == {"name": "annie", "alias_list": ["Ann"]}
    assert change(known, name="annie") == {"name": "annie", "alias_list": []}


@given(NAMES, st.lists(NAMES, max_size=4), st.lists(NAMES, max_size=4))
def test_joined_aliases_lose_none_and_have_none_twice(name: str, one: list[str], other: list[str]) -> None:
    joined = joined_aliases(name, one, other)
    keys = [alias.strip().casefold() for alias in joined]
    assert len(set(keys)) == len(keys)
    wanted = {alias.strip().casefold() for alias in (*one, *other)} - {name.strip().casefold(), ""}
    assert set(keys) == wanted
    assert joined_aliases(name, joined, other) == joined


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "fields is empty"),
        ({"weight": 60}, "unknown field 'weight'; expected one of name, "),
        ({"name": " "}, "the name is empty"),
        ({"name": ["Ann"]}, "name is "),
        ({"height": "tall"}, "height is 'tall'; expected a whole number"),
        ({"height": -1}, "expected a whole number"),
        ({"height": True}, "expected a whole number"),
        ({"career_start_year": 10}, "10 is no year"),
        ({"gender": "robot"}, "gender is 'robot'; expected one of MALE"),
        ({"favorite": "perhaps"}, "expected true or false"),
        ({"aliases": [1]}, "expected a list of texts"),
        ({"urls": {"a": 1}}, "expected a list of texts"),
        ({"cup_size": "34-26"}, "expected a cup of letters"),
        ({"band_size": 12345}, "at most three digits"),
    ],
)
def test_a_value_that_a_field_cannot_have_is_named(sent: dict[str, Any], said: str) -> None:
    with pytest.raises(ActionRefused, match=said):
        change(**sent)
