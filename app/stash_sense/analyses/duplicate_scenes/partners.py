"""For each scene the later one that is most likely the same: exactly, without comparing all pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stash_sense.analyses.duplicate_scenes.incidence import Rows
from stash_sense.analyses.duplicate_scenes.keys import (
    FACES_FLOOR,
    FaceGroups,
    NearGroups,
    next_with_stash_id,
)
from stash_sense.analyses.duplicate_scenes.pair_columns import PairColumns
from stash_sense.analyses.duplicate_scenes.scoring import MATCH, METADATA_MOST, MOST, THRESHOLD
from stash_sense.analyses.duplicate_scenes.table import SceneTable

_ONLY_NEAR_MOST: Final = METADATA_MOST + 0.3 * FACES_FLOOR
"""More than what a pair can have whose face score is below the floor."""


@dataclass(frozen=True)
class Partner:
    """Two rows of the table, ``row`` the earlier, and how likely they are the same scene: 50 to 100."""

    row: int
    other: int
    score: float


class PartnerSearch:
    """Finds them. Of several equally likely partners it gives the one with the lowest id.

    Not for several threads at once: it has scratch space of its own.
    """

    def __init__(self, table: SceneTable, *, rows_at_once: int = 4096) -> None:
        """``rows_at_once``: few enough to stay in the processor's cache, and to stop soon."""
        self._rows_at_once = rows_at_once
        self._count = len(table)
        self._known = next_with_stash_id(table)
        self._face_groups = FaceGroups(table)
        self._near_groups = NearGroups(table)
        self._pairs = PairColumns(table)
        # Neighbours with the same performers are asked about one after the other: see SetRelations.
        self.order: Rows = np.argsort(table.performer_set, kind="stable")

    def best(self, row: int) -> Partner | None:
        """The partner of ``row`` among the later rows; None when no score reaches 50."""
        known = int(self._known[row])
        if known < self._count:
            return Partner(row, known, MATCH)
        try:
            score, other = self._among_faces(row)
            if score <= _ONLY_NEAR_MOST:
                # No early end above: all that the two have in common is noted, as the scores here need.
                near = self._near_groups.later(row)
                score, other = _better((score, other), self._strongest(row, near))
        finally:
            self._pairs.forget()
        return Partner(row, other, score) if score >= THRESHOLD else None

    def _among_faces(self, row: int) -> tuple[float, int]:
        """The best of the rows that share a recognised performer, in steps of ascending rows."""
        best = (0.0, self._count)
        remaining = self._face_groups.later(row)
        while remaining:
            longest = max((rows for rows, _, _ in remaining), key=len)
            last = int(longest[min(self._rows_at_once, len(longest)) - 1])
            step, rest = [], []
            for rows, shares, own in remaining:
                end = len(rows) if rows[-1] <= last else int(np.searchsorted(rows, last, "right"))
                self._pairs.note_common(rows[:end], shares[:end], own)
                step.append(rows[:end])
                if end < len(rows):
                    rest.append((rows[end:], shares[end:], own))
            # Who is in several groups is looked at several times, which is quicker than finding out.
            others = np.concatenate(step)
            faces = self._pairs.faces(row, others)
            worth = faces >= _faces_needed(best[0])
            best = _better(best, self._strongest(row, others[worth], faces[worth]))
            if best[0] == MOST:  # what comes later is not better, and has a higher id
                break
            remaining = rest
        return best

    def _strongest(
        self, row: int, others: Rows, faces: NDArray[np.float64] | None = None
    ) -> tuple[float, int]:
        if len(others) == 0:
            return 0.0, self._count
        if faces is None:
            faces = self._pairs.faces(row, others)
        scores = self._pairs.scores(row, others, faces)
        most = scores.max()
        return float(most), int(others[scores == most].min())


def _faces_needed(score: float) -> float:
    """A face score below it cannot lead to ``score``, whatever the metadata score."""
    beyond = score - 0.3 * METADATA_MOST if score > 1.3 * METADATA_MOST else (score - METADATA_MOST) / 0.3
    # A little less: the sum of which this is the reverse is rounded.
    return max(FACES_FLOOR, beyond - 1e-6)


def _better(one: tuple[float, int], other: tuple[float, int]) -> tuple[float, int]:
    return min(one, other, key=lambda found: (-found[0], found[1]))
