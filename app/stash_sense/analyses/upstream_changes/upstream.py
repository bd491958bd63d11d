"""A performer of a stash-box, as values to compare: in the form in which Stash would keep them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stash_sense.analyses.upstream_changes.equality import mark
from stash_sense.stashbox.objects import BoxMark, BoxPerformer


def upstream_values(performer: BoxPerformer) -> dict[str, Any]:
    """By field name; without the fields that the box does not have, such as a performer's details."""
    sizes = performer.measurements
    values: dict[str, Any] = {
        "name": performer.name,
        "disambiguation": performer.disambiguation,
        "aliases": list(performer.aliases),
        "gender": performer.gender,
        "birthdate": performer.birth_date,
        "death_date": performer.death_date,
        "ethnicity": _words(performer.ethnicity),
        "country": performer.country,
        "eye_color": _words(performer.eye_color),
        "hair_color": _words(performer.hair_color),
        "height": performer.height,
        "cup_size": sizes.cup_size,
        "band_size": sizes.band_size,
        "waist_size": sizes.waist,
        "hip_size": sizes.hip,
        "breast_type": _words(performer.breast_type),
        "tattoos": _marks(performer.tattoos),
        "piercings": _marks(performer.piercings),
        "career_start_year": performer.career_start_year,
        "career_end_year": performer.career_end_year,
        "urls": [link.url for link in performer.urls],
    }
    if performer.is_favorite is not None:
        values["favorite"] = performer.is_favorite
    return values


def _words(name: str | None) -> str | None:
    """MIDDLE_EASTERN as Middle Eastern: what Stash makes of it when it takes it over."""
    return None if name is None else name.replace("_", " ").title()


def _marks(marks: Iterable[BoxMark] | None) -> str | None:
    return "; ".join(mark(one.location, one.description) for one in marks or ()) or None
