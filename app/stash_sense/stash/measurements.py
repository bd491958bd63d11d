"""Stash's ``measurements``: band and cup, waist and hip in one string, "34C-26-36"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(
    r"(?P<band>\d{1,3})?\s*(?P<cup>[A-Za-z][A-Za-z/+]{0,5})?(?:\s*-\s*(?P<waist>\d{1,3})?(?:\s*-\s*(?P<hip>\d{1,3})?)?)?"
)


@dataclass(frozen=True)
class Measurements:
    """Each None when unknown; in whatever unit they were written."""

    band: int | None = None
    cup: str | None = None
    waist: int | None = None
    hip: int | None = None

    def __str__(self) -> str:
        """As it is written to Stash: unknown parts are left out, their dashes are not."""
        bust = f"{'' if self.band is None else self.band}{self.cup or ''}"
        if self.waist is None and self.hip is None:
            return bust
        return f"{bust}-{'' if self.waist is None else self.waist}-{'' if self.hip is None else self.hip}"


def parse_measurements(text: str | None) -> Measurements:
    """Raises ValueError for what is neither empty nor of this form."""
    written = (text or "").strip()
    found = _FORM.fullmatch(written)
    if found is None:
        raise ValueError(f"measurements {written!r}; expected the form 34C-26-36")
    band, waist, hip = (
        None if number is None else int(number) for number in found.group("band", "waist", "hip")
    )
    return Measurements(band, found["cup"], waist, hip)
