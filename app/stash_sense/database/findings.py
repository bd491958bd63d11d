"""What an examination of the data files has to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "failed", "warning", "absent"]


@dataclass(frozen=True)
class Finding:
    """One sentence about one data file.

    Attributes:
        file: the file's name, as in ``stash_sense.database.files``.
        state: ``failed`` keeps the database from being used, ``warning`` costs a part of it, ``absent``
            is an optional file that is not there.
        reason: one line: what was seen and, unless it is ok, what is needed.
    """

    file: str
    state: State
    reason: str


class DamagedFileError(Exception):
    """A data file cannot be used; the message is the reason of the finding, one line."""


def one_line(text: object) -> str:
    """Text of other people's errors, fit for a finding."""
    return " ".join(str(text).split())
