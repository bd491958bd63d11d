"""Stash's ``career_length``: two years in one string, "2010-2023", "2010-" or "-2023"."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What people, and Stash's scrapers, write; the last part stands for "still".
_FORM = re.compile(
    r"(?P<start>\d{4})?\s*(?:[-\u2013\u2014]|\bto\b)\s*(?P<end>\d{4})?(?:present|now|today)?", re.IGNORECASE
)
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class CareerLength:
    """The first and the last year; None when unknown, the last one also for a career that goes on."""

    start: int | None = None
    end: int | None = None

    def __str__(self) -> str:
        """As it is written to Stash; empty without a year."""
        if self.start is None and self.end is None:
            return ""
        return f"{'' if self.start is None else self.start}-{'' if self.end is None else self.end}"


def parse_career_length(text: str | None) -> CareerLength:
    """Raises ValueError for what is neither empty nor of this form."""
    written = (text or "").strip()
    if not written:
        return CareerLength()
    if _YEAR.fullmatch(written):
        return CareerLength(start=int(written))
    found = _FORM.fullmatch(written)
    if found is None or not (found["start"] or found["end"]):
        raise ValueError(f"career length {written!r}; expected two years, such as 2010-2023, 2010- or -2023")
    return CareerLength(*(None if year is None else int(year) for year in found.group("start", "end")))
