"""Where partners of a scene are looked for: the keys that scenes must share to reach the threshold.

Be F the face score, M the metadata score, and C = max(F, M) + 0.3 min(F, M) the combined one. C is at least
50 only if F >= 100/3 or M > 40: else, C < 40 + 0.3 * 100/3 = 50 for F <= M, and C < 1.3 * 100/3 for F > M.

* F > 0 needs a performer in both fingerprints: ``FaceGroups``.
* M > 40 needs, of all the products that there are (a base of 12, 20, 32 or 40 times a factor of at most 2), a
  base of 32 or 40 and a factor above 1: the same studio, half of the performers or more in common, and a date
  within a week or a duration within 30 seconds: ``NearGroups``.

Together with the scenes that a stash-box knows as one (``next_with_stash_id``) these are all candidates.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stash_sense.analyses.duplicate_scenes.incidence import Incidence, Rows, incidence
from stash_sense.analyses.duplicate_scenes.scoring import CLOSE_SECONDS, WEEK_DAYS
from stash_sense.analyses.duplicate_scenes.table import NONE, UNKNOWN_DAY, SceneTable

FACES_FLOOR: Final = 33.33
"""A face score below it helps no pair over the threshold whose metadata score is at most 40."""

_ROUNDING_SECONDS: Final = 0.001


def next_with_stash_id(table: SceneTable) -> Rows:
    """For each row the first later one that is the same scene on a stash-box; the row count for none."""
    count = len(table)
    following = np.full(count, count, np.intp)
    holders = table.stash.transposed(len(table.stash_names))
    # Neighbours in a group are what is wanted, except across the border between two groups.
    same = np.ones(max(len(holders.items) - 1, 0), bool)
    borders = holders.starts[1:-1]
    same[borders[(borders > 0) & (borders < len(holders.items))] - 1] = False
    earlier, later = holders.items[:-1][same], holders.items[1:][same]
    np.minimum.at(following, earlier, later)
    return following


class FaceGroups:
    """The scenes in which a performer was recognised, in the order of their rows."""

    def __init__(self, table: SceneTable) -> None:
        self._faces = table.faces
        self._groups = table.faces.transposed(len(table.face_names))

    def later(self, row: int) -> list[tuple[Rows, NDArray[np.int32], int]]:
        """For each performer in the row's fingerprint: later rows, their shares, the row's own share."""
        own = self._faces.of(row)
        found = []
        for thing, share in zip(
            self._faces.items[own].tolist(), self._faces.values[own].tolist(), strict=True
        ):
            group = self._groups.of(thing)
            rows = self._groups.items[group]
            start = int(np.searchsorted(rows, row, "right"))
            if start < len(rows):
                found.append((rows[start:], self._groups.values[group][start:], share))
        return found


class NearGroups:
    """The scenes of one studio with one performer, by date and by duration."""

    def __init__(self, table: SceneTable) -> None:
        self._date, self._duration = table.date, table.duration
        sizes = np.array([len(members) for members in table.sets], np.int64)
        placed = np.flatnonzero(table.studio != NONE)
        rows = np.repeat(placed, sizes[table.performer_set[placed]])
        members = [sorted(table.sets[number]) for number in table.performer_set[placed].tolist()]
        who = np.array([performer for performers in members for performer in performers], np.int64)
        pairs = np.stack([table.studio[rows].astype(np.int64), who], axis=1)
        keys, groups = np.unique(pairs, axis=0, return_inverse=True)
        numbers = groups.reshape(-1)
        self._groups = incidence(rows, numbers, np.zeros(len(rows), np.int32), len(table))
        self._size = np.bincount(numbers, minlength=len(keys))
        self._by_date = _sorted_by(rows, numbers, table.date.astype(np.float64), UNKNOWN_DAY, len(keys))
        self._by_duration = _sorted_by(rows, numbers, table.duration, None, len(keys))

    def later(self, row: int) -> Rows:
        """Later rows that may have a metadata score above 40 with this one, and others; in no order."""
        groups = self._groups.items[self._groups.of(row)]
        if len(groups) == 0:
            return np.empty(0, np.intp)
        # Of k performers at least k/2 are common; so among any k//2 + 1 of them one is: take the rarest.
        rarest = groups[np.argsort(self._size[groups], kind="stable")][: len(groups) // 2 + 1]
        found = []
        for group in rarest.tolist():
            if self._date[row] != UNKNOWN_DAY:
                found.append(_within(self._by_date, group, float(self._date[row]), WEEK_DAYS))
            if not np.isnan(self._duration[row]):
                reach = CLOSE_SECONDS + _ROUNDING_SECONDS
                found.append(_within(self._by_duration, group, float(self._duration[row]), reach))
        near = np.concatenate(found) if found else np.empty(0, np.intp)
        return near[near > row]


_Sorted = tuple[Incidence, NDArray[np.float64]]


def _sorted_by(
    rows: Rows, groups: Rows, value: NDArray[np.float64], unknown: float | None, count: int
) -> _Sorted:
    """The groups' rows by ascending value, without those whose value is unknown; and the values."""
    of_rows = value[rows]
    known = ~np.isnan(of_rows) if unknown is None else of_rows != unknown
    rows, groups, of_rows = rows[known], groups[known], of_rows[known]
    order = np.lexsort((of_rows, groups))
    grouped = incidence(groups[order], rows[order], np.zeros(len(rows), np.int32), count)
    return grouped, of_rows[order]


def _within(grouped: _Sorted, group: int, value: float, reach: float) -> Rows:
    incident, values = grouped
    place = incident.of(group)
    start, end = np.searchsorted(values[place], (value - reach, np.nextafter(value + reach, np.inf)))
    return incident.items[place][start:end]
