"""Performers, and changes of them."""

from typing import Any

from pydantic import model_validator

from stash_sense.stash.objects.base import StashID, StashObject


class Performer(StashObject):
    """A performer. Dates are "YYYY-MM-DD", "YYYY-MM" or "YYYY", as the user wrote them."""

    id: str
    name: str
    disambiguation: str | None = None
    alias_list: tuple[str, ...] = ()
    gender: str | None = None
    birthdate: str | None = None
    death_date: str | None = None
    ethnicity: str | None = None
    country: str | None = None
    eye_color: str | None = None
    hair_color: str | None = None
    height_cm: int | None = None
    weight: int | None = None
    measurements: str | None = None
    fake_tits: str | None = None
    tattoos: str | None = None
    piercings: str | None = None
    career_length: str | None = None
    urls: tuple[str, ...] = ()
    details: str | None = None
    favorite: bool = False
    image_path: str | None = None
    scene_count: int = 0
    image_count: int = 0
    gallery_count: int = 0
    stash_ids: tuple[StashID, ...] = ()
    updated_at: str

    @model_validator(mode="before")
    @classmethod
    def _one_list_of_addresses(cls, data: Any) -> Any:
        """Stash before 0.27 has three single fields instead of the list; in later ones it may be null."""
        if not isinstance(data, dict) or data.get("urls") is not None:
            return data
        single = (data.get(name) for name in ("url", "twitter", "instagram"))
        return {**data, "urls": tuple(link for link in single if link)}


class PerformerUpdate(StashObject):
    """What to change: fields that were not given stay as they are, None empties a field."""

    id: str
    name: str | None = None
    disambiguation: str | None = None
    alias_list: tuple[str, ...] | None = None
    gender: str | None = None
    birthdate: str | None = None
    death_date: str | None = None
    ethnicity: str | None = None
    country: str | None = None
    eye_color: str | None = None
    hair_color: str | None = None
    height_cm: int | None = None
    weight: int | None = None
    measurements: str | None = None
    fake_tits: str | None = None
    tattoos: str | None = None
    piercings: str | None = None
    career_length: str | None = None
    urls: tuple[str, ...] | None = None
    details: str | None = None
    favorite: bool | None = None
    stash_ids: tuple[StashID, ...] | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were given, as GraphQL values."""
        return self.model_dump(mode="json", exclude_unset=True)
