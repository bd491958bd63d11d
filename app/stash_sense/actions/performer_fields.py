"""From the fields that the plugin sends to those that Stash has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from stash_sense.actions.aliases import joined_aliases
from stash_sense.actions.errors import ActionRefused
from stash_sense.actions.values import a_flag, a_gender, a_list, a_number, a_text, an_address_list
from stash_sense.stash.career_length import CareerLength, parse_career_length
from stash_sense.stash.measurements import Measurements, parse_measurements
from stash_sense.stash.objects.performers import Performer, PerformerUpdate

ALIAS_ADD: Final = "_alias_add"

Read = Callable[[str, Any], Any]


@dataclass(frozen=True)
class _Target:
    """Where a field goes, and how its value is read."""

    name: str
    read: Read = a_text


_DIRECT: Final[Mapping[str, _Target]] = {
    **{
        name: _Target(name)
        for name in (
            "name",
            "disambiguation",
            "birthdate",
            "death_date",
            "ethnicity",
            "country",
            "eye_color",
            "hair_color",
            "tattoos",
            "piercings",
            "details",
        )
    },
    "gender": _Target("gender", a_gender),
    "aliases": _Target("alias_list", a_list),
    "height": _Target("height_cm", a_number),
    "breast_type": _Target("fake_tits"),
    "urls": _Target("urls", an_address_list),
    "favorite": _Target("favorite", a_flag),
}

_CAREER: Final = {"career_start_year": "start", "career_end_year": "end"}
_SIZES: Final[Mapping[str, tuple[str, Read]]] = {
    "cup_size": ("cup", a_text),
    "band_size": ("band", a_number),
    "waist_size": ("waist", a_number),
    "hip_size": ("hip", a_number),
}

KNOWN: Final = (*_DIRECT, *_CAREER, *_SIZES, ALIAS_ADD)


def performer_update(performer: Performer, fields: Mapping[str, Any]) -> PerformerUpdate:
    """The change of ``performer`` that these fields mean; what they do not name stays.

    Raises ActionRefused for an unknown field, and for a value that its field cannot have.
    """
    unknown = [name for name in fields if name not in KNOWN]
    if unknown:
        raise ActionRefused(
            f"unknown field {', '.join(map(repr, unknown))}; expected one of {', '.join(KNOWN)}"
        )
    if not fields:
        raise ActionRefused("no fields to change: fields is empty; send at least one")
    change: dict[str, Any] = {
        target.name: target.read(name, fields[name]) for name, target in _DIRECT.items() if name in fields
    }
    if "name" in change and not change["name"]:
        raise ActionRefused("the name is empty; a performer needs one")
    if _CAREER.keys() & fields.keys():
        change["career_length"] = str(_career(performer.career_length, fields))
    if _SIZES.keys() & fields.keys():
        change["measurements"] = str(_sizes(performer.measurements, fields))
    if "alias_list" in change or ALIAS_ADD in fields:
        own = change.get("alias_list", performer.alias_list)
        added = a_list(ALIAS_ADD, fields.get(ALIAS_ADD))
        change["alias_list"] = joined_aliases(change.get("name", performer.name), own, added)
    elif "name" in change:
        kept = joined_aliases(change["name"], performer.alias_list)
        if kept != performer.alias_list:
            # One of the aliases becomes the name, which Stash does not take as an alias.
            change["alias_list"] = kept
    return PerformerUpdate(id=performer.id, **change)


def _career(text: str | None, fields: Mapping[str, Any]) -> CareerLength:
    sent = {part: a_number(name, fields[name]) for name, part in _CAREER.items() if name in fields}
    for year in sent.values():
        if year is not None and not 1000 <= year <= 9999:
            raise ActionRefused(f"{year} is no year; expected four digits")
    known = CareerLength() if len(sent) == len(_CAREER) else _parsed(parse_career_length, text)
    return replace(known, **sent)


def _sizes(text: str | None, fields: Mapping[str, Any]) -> Measurements:
    sent = {part: read(name, fields[name]) for name, (part, read) in _SIZES.items() if name in fields}
    known = Measurements() if len(sent) == len(_SIZES) else _parsed(parse_measurements, text)
    merged = replace(known, **sent)
    if not _readable(merged):
        raise ActionRefused(
            f"{', '.join(f'{part} {value}' for part, value in sent.items())}; "
            "expected a cup of letters, and sizes of at most three digits"
        )
    return merged


def _readable(sizes: Measurements) -> bool:
    try:
        return parse_measurements(str(sizes)) == sizes
    except ValueError:
        return False


def _parsed(parse: Callable[[str | None], Any], text: str | None) -> Any:
    """Of what cannot be taken apart no part can be kept, so that it is not overwritten either."""
    try:
        return parse(text)
    except ValueError as error:
        raise ActionRefused(f"Stash has the {error}; change it in Stash, or send all of its parts") from error
