"""How alike Stash's performers of scenes are, for every set of performers that occurs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stash_sense.analyses.duplicate_scenes.incidence import Rows, incidence
from stash_sense.analyses.duplicate_scenes.scoring import SAME_PERFORMERS, SIMILAR_PERFORMERS
from stash_sense.analyses.duplicate_scenes.table import Numbers


class SetRelations:
    """Points for the performers of one set against those of every other: ``overlap_points``, for arrays."""

    def __init__(self, sets: Sequence[frozenset[int]]) -> None:
        """``sets``: each once."""
        performers: Numbers[int] = Numbers()
        pairs = [(number, performers.of(who)) for number, members in enumerate(sets) for who in members]
        rows = np.array([pair[0] for pair in pairs], np.intp)
        items = np.array([pair[1] for pair in pairs], np.intp)
        self._members = incidence(rows, items, np.zeros(len(rows), np.int32), len(sets))
        self._sets_with = self._members.transposed(len(performers))
        self._sizes = np.diff(self._members.starts)
        self._points = np.zeros(len(sets), np.float64)
        self._of: int | None = None
        self._related = np.empty(0, np.intp)

    def points(self, number: int) -> NDArray[np.float64]:
        """For the set ``number``: the points that each set has with it. Not to be kept: it is reused.

        Asking for the same set as the last time costs nothing.
        """
        if number != self._of:
            self._points[self._related] = 0.0
            self._related, points = self._relate(number)
            self._points[self._related] = points
            self._of = number
        return self._points

    def _relate(self, number: int) -> tuple[Rows, NDArray[np.float64]]:
        members = self._members.items[self._members.of(number)].tolist()
        if not members:
            return np.empty(0, np.intp), np.empty(0, np.float64)
        sharing = np.concatenate([self._sets_with.items[self._sets_with.of(who)] for who in members])
        others, common = np.unique(sharing, return_counts=True)
        either = self._sizes[number] + self._sizes[others] - common
        points = np.where(common == either, SAME_PERFORMERS, SIMILAR_PERFORMERS)
        alike = 2 * common >= either
        return others[alike], points[alike]
