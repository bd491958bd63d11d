"""All scenes of a library in columns: a hundred thousand of them in some megabytes."""

from __future__ import annotations

from array import array
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from stash_sense.analyses.duplicate_scenes.facts import SceneFacts, StashId
from stash_sense.analyses.duplicate_scenes.incidence import Incidence, Rows, incidence

UNKNOWN_DAY: Final = -(10**8)
"""A date that is far from every other, but for another unknown one."""

NONE: Final = -1

Name = TypeVar("Name", bound=Hashable)


class Numbers(Generic[Name]):
    """Gives things small numbers, in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[Name, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def of(self, name: Name) -> int:
        """The thing's number; a new thing gets the next."""
        return self._numbers.setdefault(name, len(self._numbers))

    def names(self) -> tuple[Name, ...]:
        """The things, by number."""
        return tuple(self._numbers)


@dataclass(frozen=True)
class SceneTable:
    """Scenes by ascending id; a row's number is its place in every column.

    Attributes:
        ids: int64, Stash's.
        studio: int32, Stash's id; ``NONE`` without one.
        performer_set: the number of the scene's set of performers in ``sets``.
        date: int32, day number; ``UNKNOWN_DAY`` when unknown.
        duration: float64, seconds; NaN when unknown.
        stash: the scenes on stash-boxes, as numbers in ``stash_names``.
        faces: the recognised performers as numbers in ``face_names``, with their shares in millionths.
    """

    ids: NDArray[np.int64]
    studio: NDArray[np.int32]
    performer_set: Rows
    date: NDArray[np.int32]
    duration: NDArray[np.float64]
    stash: Incidence
    faces: Incidence
    sets: tuple[frozenset[int], ...]
    stash_names: tuple[StashId, ...]
    face_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def facts(self, row: int) -> SceneFacts:
        """The scene of a row, as it was added."""
        studio, date = int(self.studio[row]), int(self.date[row])
        duration = float(self.duration[row])
        faces = self.faces.of(row)
        shares = zip(self.faces.items[faces].tolist(), self.faces.values[faces].tolist(), strict=True)
        return SceneFacts(
            scene_id=int(self.ids[row]),
            stash_ids=frozenset(self.stash_names[n] for n in self.stash.items[self.stash.of(row)].tolist()),
            studio_id=None if studio == NONE else studio,
            performer_ids=self.sets[int(self.performer_set[row])],
            date=None if date == UNKNOWN_DAY else date,
            duration=None if np.isnan(duration) else duration,
            shares={self.face_names[number]: share for number, share in shares},
        )


class TableBuilder:
    """Takes scenes one by one, in any order, and keeps of each no more than the table will hold."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._studio = array("i")
        self._set = array("i")
        self._date = array("i")
        self._duration = array("d")
        self._stash = _Pairs()
        self._faces = _Pairs()
        self._sets: Numbers[frozenset[int]] = Numbers()
        self._stash_names: Numbers[StashId] = Numbers()
        self._face_names: Numbers[str] = Numbers()

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, scene: SceneFacts) -> None:
        """Add a scene; each only once."""
        row = len(self._ids)
        self._ids.append(scene.scene_id)
        self._studio.append(NONE if scene.studio_id is None else scene.studio_id)
        self._set.append(self._sets.of(scene.performer_ids))
        self._date.append(UNKNOWN_DAY if scene.date is None else scene.date)
        self._duration.append(float("nan") if scene.duration is None else scene.duration)
        for stash_id in scene.stash_ids:
            self._stash.add(row, self._stash_names.of(stash_id), 0)
        for performer, share in scene.shares.items():
            self._faces.add(row, self._face_names.of(performer), share)

    def build(self) -> SceneTable:
        """The table of all scenes that were added."""
        ids = np.array(self._ids, np.int64)
        order = np.argsort(ids, kind="stable")
        place = np.empty(len(ids), np.intp)
        place[order] = np.arange(len(ids))
        return SceneTable(
            ids=ids[order],
            studio=np.array(self._studio, np.int32)[order],
            performer_set=np.array(self._set, np.intp)[order],
            date=np.array(self._date, np.int32)[order],
            duration=np.array(self._duration, np.float64)[order],
            stash=self._stash.incidence(place),
            faces=self._faces.incidence(place),
            sets=self._sets.names(),
            stash_names=self._stash_names.names(),
            face_names=self._face_names.names(),
        )


class _Pairs:
    """Pairs of a row and a thing, with a number each."""

    def __init__(self) -> None:
        self._rows, self._items, self._values = array("i"), array("i"), array("i")

    def add(self, row: int, item: int, value: int) -> None:
        self._rows.append(row)
        self._items.append(item)
        self._values.append(value)

    def incidence(self, place: Rows) -> Incidence:
        """With rows renumbered: what was row ``i`` becomes ``place[i]``."""
        rows, items = (np.array(numbers, np.intp) for numbers in (self._rows, self._items))
        return incidence(place[rows], items, np.array(self._values, np.int32), len(place))
