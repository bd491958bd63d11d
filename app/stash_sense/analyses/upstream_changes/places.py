"""How far a run is on each stash-box: what one that continues an interrupted one begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError


class BoxPlace(BaseModel):
    """How far it is on one.

    Attributes:
        done: of Stash's performers that are known there, those that need no further look.
        after: the last of the ids that were asked for, in their order; None until the first ones were.
        looked: None when everybody is asked for; else those that need not be asked for because they were
            among the box's changes, and that would be asked for otherwise.
        newest: the newest change seen, as the box writes times.
        put_off: ids for the next run.
        ended: nothing is left to do there.
    """

    model_config = ConfigDict(frozen=True)

    done: int = 0
    after: str | None = None
    looked: frozenset[str] | None = None
    newest: str | None = None
    put_off: frozenset[str] = frozenset()
    ended: bool = False


Places = Mapping[str, BoxPlace]
"""By the box's endpoint."""

_PLACES: Final = TypeAdapter(dict[str, BoxPlace])


def read_places(cursor: str | None) -> dict[str, BoxPlace]:
    """What ``written`` wrote; empty for anything else."""
    try:
        return _PLACES.validate_json(cursor or "{}")
    except ValidationError:
        return {}


def written(places: Places) -> str:
    """As a run's cursor."""
    return _PLACES.dump_json(dict(places)).decode()
