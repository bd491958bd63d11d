"""Scores of one row against many others at once."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stash_sense.analyses.duplicate_scenes.incidence import Rows
from stash_sense.analyses.duplicate_scenes.relations import SetRelations
from stash_sense.analyses.duplicate_scenes.scoring import (
    CLOSE,
    CLOSE_SECONDS,
    EXACT,
    EXACT_SECONDS,
    SAME_STUDIO,
    WEEK_DAYS,
    combined_points,
    face_points,
    metadata_points,
)
from stash_sense.analyses.duplicate_scenes.table import NONE, UNKNOWN_DAY, SceneTable

# A sum of shares needs fewer bits: each is at most a million, and a fingerprint has no million of them.
_BITS: Final = 40
_ONE: Final = 1 << _BITS


class PairColumns:
    """What ``scoring`` computes for a pair, for columns of pairs; the same to the last bit."""

    def __init__(self, table: SceneTable) -> None:
        self._table = table
        self._relations = SetRelations(table.sets)
        self._performers = np.diff(table.faces.starts)
        sums = np.zeros(len(table.faces.values) + 1, np.int64)
        np.cumsum(table.faces.values, out=sums[1:])
        self._shares = sums[table.faces.starts[1:]] - sums[table.faces.starts[:-1]]
        # Of the row that is being compared, with every other row: the common performers, times _ONE, and the
        # sum of the lesser shares. One column, for moving it through the memory is what takes the time.
        self._common = np.zeros(len(table), np.int64)
        self._noted: list[Rows] = []

    def note_common(self, others: Rows, shares: NDArray[np.int32], own: int) -> None:
        """The row has a performer in common with ``others``, each of whom is in there once."""
        self._common[others] += np.minimum(shares, own) + np.int64(_ONE)
        self._noted.append(others)

    def forget(self) -> None:
        """Begin with another row."""
        for others in self._noted:
            self._common[others] = 0
        self._noted.clear()

    def faces(self, row: int, others: Rows) -> NDArray[np.float64]:
        """Face scores, as far as common performers have been noted."""
        noted = self._common[others]
        common, common_share = noted >> _BITS, noted & (_ONE - 1)
        # |a - b| summed over all = a + b - 2 min(a, b), and those who are in one only add all they have.
        difference = self._shares[row] + self._shares[others] - 2 * common_share
        either = self._performers[row] + self._performers[others] - common
        performers: NDArray[np.float64] = np.maximum(either, 1).astype(np.float64)
        points = face_points(difference.astype(np.float64), performers)
        return np.where(common == 0, 0.0, points)

    def scores(self, row: int, others: Rows, faces: NDArray[np.float64]) -> NDArray[np.float64]:
        """Combined scores; ``faces`` are the face scores of the same pairs."""
        table = self._table
        base = self._relations.points(int(table.performer_set[row]))[table.performer_set[others]]
        if table.studio[row] != NONE:
            base = np.where(table.studio[others] == table.studio[row], SAME_STUDIO, 0.0) + base
        factor = np.ones(len(others))
        if table.date[row] != UNKNOWN_DAY:
            days = np.abs(table.date[others] - table.date[row])
            factor += np.where(days == 0, EXACT, np.where(days <= WEEK_DAYS, CLOSE, 0.0))
        # Nothing is near to NaN.
        seconds = np.abs(table.duration[others] - table.duration[row])
        factor += np.where(seconds <= EXACT_SECONDS, EXACT, np.where(seconds <= CLOSE_SECONDS, CLOSE, 0.0))
        return combined_points(faces, metadata_points(base, factor))
