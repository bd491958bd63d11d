"""Which rows have which things (performers, stash ids), as arrays, from either side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
"""Numbers of rows, or of things, in the type that numpy indexes with: any other is converted each time."""


@dataclass(frozen=True)
class Incidence:
    """Things of rows: those of row ``i`` are ``items[starts[i] : starts[i + 1]]``.

    Attributes:
        starts: int64, one more than there are rows.
        items: the things' numbers, in no particular order within a row.
        values: int32, a number with each item, such as a share; zeros where there is none.
    """

    starts: Rows
    items: Rows
    values: NDArray[np.int32]

    def of(self, row: int) -> slice:
        """Where the things of ``row`` are."""
        return slice(int(self.starts[row]), int(self.starts[row + 1]))

    def transposed(self, things: int) -> Incidence:
        """The rows of each thing, in ascending order. ``things``: how many things there are."""
        rows = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        return incidence(self.items, rows, self.values, things)


def incidence(rows: Rows, items: Rows, values: NDArray[np.int32], count: int) -> Incidence:
    """From pairs of a row and a thing, in any order; ``count``: how many rows there are."""
    order = np.argsort(rows, kind="stable")
    starts = np.zeros(count + 1, np.intp)
    np.cumsum(np.bincount(rows, minlength=count), out=starts[1:])
    return Incidence(starts, items[order], values[order])
