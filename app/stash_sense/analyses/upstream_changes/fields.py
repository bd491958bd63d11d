"""The fields that are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

MergeType = Literal["simple", "text", "name", "alias_list"]
"""How the plugin lets the user choose: one value or the other; edited text; the other name as an alias; both
lists joined."""


class Kind(StrEnum):
    """What a value is, and so when two of them are equal."""

    TEXT = "text"
    ENUM = "enum"
    """A word of a stash-box's list, which Stash writes as text: MIDDLE_EASTERN is Middle Eastern."""
    NUMBER = "number"
    FLAG = "flag"
    LIST = "list"
    MARKS = "marks"
    """Tattoos or piercings: a list, which Stash keeps as one text with semicolons."""


@dataclass(frozen=True)
class Field:
    """One field: its name in ``changes`` and in update-performer, and what the plugin calls it."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    merge_type: MergeType = "simple"


_FIELDS: Final = (
    Field("name", "Name", merge_type="name"),
    Field("disambiguation", "Disambiguation"),
    Field("aliases", "Aliases", Kind.LIST, "alias_list"),
    Field("gender", "Gender", Kind.ENUM),
    Field("birthdate", "Birthdate"),
    Field("death_date", "Death Date"),
    Field("ethnicity", "Ethnicity", Kind.ENUM),
    Field("country", "Country"),
    Field("eye_color", "Eye Color", Kind.ENUM),
    Field("hair_color", "Hair Color", Kind.ENUM),
    Field("height", "Height", Kind.NUMBER),
    Field("cup_size", "Cup Size"),
    Field("band_size", "Band Size", Kind.NUMBER),
    Field("waist_size", "Waist Size", Kind.NUMBER),
    Field("hip_size", "Hip Size", Kind.NUMBER),
    Field("breast_type", "Breast Type", Kind.ENUM),
    Field("tattoos", "Tattoos", Kind.MARKS, "text"),
    Field("piercings", "Piercings", Kind.MARKS, "text"),
    Field("career_start_year", "Career Start Year", Kind.NUMBER),
    Field("career_end_year", "Career End Year", Kind.NUMBER),
    # No "alias_list": that is offered for joining, and what is joined goes to the aliases.
    Field("urls", "URLs", Kind.LIST),
    Field("details", "Details", merge_type="text"),
    Field("favorite", "Favorite", Kind.FLAG),
)

FIELDS: Final[Mapping[str, Field]] = {field.name: field for field in _FIELDS}
"""All of them by name, in the order in which they are listed."""
