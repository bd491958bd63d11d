"""A performer of Stash, as values to compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from stash_sense.stash.career_length import CareerLength, parse_career_length
from stash_sense.stash.measurements import Measurements, parse_measurements
from stash_sense.stash.objects.performers import Performer

Parsed = TypeVar("Parsed")


def local_values(performer: Performer) -> dict[str, Any]:
    """By field name. What Stash keeps in one string is taken apart; nothing is known of what cannot be."""
    career = _parsed(parse_career_length, performer.career_length, CareerLength())
    body = _parsed(parse_measurements, performer.measurements, Measurements())
    return {
        "name": performer.name,
        "disambiguation": performer.disambiguation,
        "aliases": list(performer.alias_list),
        "gender": performer.gender,
        "birthdate": performer.birthdate,
        "death_date": performer.death_date,
        "ethnicity": performer.ethnicity,
        "country": performer.country,
        "eye_color": performer.eye_color,
        "hair_color": performer.hair_color,
        "height": performer.height_cm,
        "cup_size": body.cup,
        "band_size": body.band,
        "waist_size": body.waist,
        "hip_size": body.hip,
        "breast_type": performer.fake_tits,
        "tattoos": performer.tattoos,
        "piercings": performer.piercings,
        "career_start_year": career.start,
        "career_end_year": career.end,
        "urls": list(performer.urls),
        "details": performer.details,
        "favorite": performer.favorite,
    }


def _parsed(parse: Callable[[str | None], Parsed], text: str | None, otherwise: Parsed) -> Parsed:
    try:
        return parse(text)
    except ValueError:
        return otherwise
