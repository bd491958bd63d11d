"""A stash-box's objects, as far as they are used here: its field names and nullability."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _BoxObject(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class BoxLink(_BoxObject):
    """An address about a performer."""

    url: str


class BoxMark(_BoxObject):
    """A tattoo or a piercing."""

    location: str
    description: str | None = None


class BoxMeasurements(_BoxObject):
    """Sizes; each may be unknown."""

    cup_size: str | None = None
    band_size: int | None = None
    waist: int | None = None
    hip: int | None = None


class BoxPerformer(_BoxObject):
    """A performer. Dates are "YYYY-MM-DD", "YYYY-MM" or "YYYY"; enumerations are in upper case.

    Attributes:
        deleted: removed, or merged into another performer.
        is_favorite: of the user whom the key belongs to; None when the box does not tell.
        updated: RFC 3339; None when the box does not tell.
    """

    id: str
    name: str
    disambiguation: str | None = None
    aliases: tuple[str, ...] = ()
    gender: str | None = None
    urls: tuple[BoxLink, ...] = ()
    birth_date: str | None = None
    death_date: str | None = None
    ethnicity: str | None = None
    country: str | None = None
    eye_color: str | None = None
    hair_color: str | None = None
    height: int | None = None
    measurements: BoxMeasurements = BoxMeasurements()
    breast_type: str | None = None
    career_start_year: int | None = None
    career_end_year: int | None = None
    tattoos: tuple[BoxMark, ...] | None = None
    piercings: tuple[BoxMark, ...] | None = None
    deleted: bool = False
    is_favorite: bool | None = None
    updated: str | None = None


class BoxPage(_BoxObject):
    """A page of performers, and how many there are in all."""

    count: int
    performers: tuple[BoxPerformer, ...]
