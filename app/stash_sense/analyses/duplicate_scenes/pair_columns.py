"""Scores of one row against many others at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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


class PairColumns:
    """What ``scoring`` computes for a pair, for columns of pairs; the same to the last bit."""

    def __init__(self, table: SceneTable) -> None:
        self._table = table
        self._relations = SetRelations(table.sets)
        self._performers = np.diff(table.faces.starts)
        sums = np.zeros(len(table.faces.values) + 1, np.int64)
        np.cumsum(table.faces.values, out=sums[1:])
        self._shares = sums[table.faces.starts[1:]] - sums[table.faces.starts[:-1]]
        # Of the row that is being compared, with every other row: performers, and the lesser shares' sum.
        self._common = np.zeros(len(table), np.int64)
        self._common_share = np.zeros(len(table), np.int64)
        self._noted: list[NDArray[np.int32]] = []

    def note_common(self, others: NDArray[np.int32], shares: NDArray[np.int32], own: int) -> None:
        """The row has a performer in common with ``others``, each of whom is in there once."""
        self._common[others] += 1
        self._common_share[others] += np.minimum(shares, own)
        self._noted.append(others)

    def forget(self) -> None:
        """Begin with another row."""
        for others in self._noted:
            self._common[others] = 0
            self._common_share[others] = 0
        self._noted.clear()

    def faces(self, row: int, others: NDArray[np.int32]) -> NDArray[np.float64]:
        """Face scores, as far as common performers have been noted."""
        common = self._common[others]
        # |a - b| summed over all = a + b - 2 min(a, b), and those who are in one only add all they have.
        difference = self._shares[row] + self._shares[others] - 2 * self._common_share[others]
        either = self._performers[row] + self._performers[others] - common
        points = face_points(difference.astype(np.float64), np.maximum(either, 1).astype(np.float64))
        points[common == 0] = 0.0
        return points

    def scores(
        self, row: int, others: NDArray[np.int32], faces: NDArray[np.float64]
    ) -> NDArray[np.float64]:
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
