"""Exact nearest neighbours by cosine distance."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from stash_sense.database.files import EMBEDDING_DIMENSIONS
from stash_sense.database.voyager_file import Vectors, read_vectors

# Scores of one block of queries against all entries: what a search may need besides its result.
SCORE_BYTES: Final[int] = 64 * 1024 * 1024
_GROUP: Final[int] = 64


class VectorIndex:
    """Exact search over the vectors of a user's own Voyager file.

    One matrix product scores a batch of queries against every entry, outside the GIL. Voyager's graph is
    not used: at 512 dimensions it misses true matches that the product finds (``benchmarks/search.py``).
    Instances do not change and may be shared by threads.
    """

    def __init__(self, vectors: Vectors) -> None:
        self._ids = vectors.ids
        self._rows = vectors.rows
        self.unusable: Final[int] = vectors.unusable

    @classmethod
    def load(cls, path: Path, dimensions: int = EMBEDDING_DIMENSIONS) -> Self:
        """Raises ``DamagedFileError`` for what is no cosine index of so many dimensions, ``OSError``."""
        return cls(read_vectors(path, dimensions))

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def ids(self) -> NDArray[np.int64]:
        """int64 (n,): the entries' ids, ascending. An id is a position in ``faces.json``."""
        return self._ids

    @property
    def first_id(self) -> int:
        """The lowest id; ``IndexError`` when there are no entries."""
        return int(self._ids[0])

    @property
    def nbytes(self) -> int:
        """Bytes of memory held."""
        return self._rows.nbytes + self._ids.nbytes

    def vector(self, identifier: int) -> NDArray[np.float32]:
        """float32 (512,): the entry's vector, of length 1. ``KeyError`` when there is no such entry."""
        row = int(np.searchsorted(self._ids, identifier))
        if row == len(self._ids) or self._ids[row] != identifier:
            raise KeyError(identifier)
        found: NDArray[np.float32] = self._rows[row]
        return found

    def search(self, queries: NDArray[np.float32], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The nearest entries of each query.

        Args:
            queries: float32 (q, 512), of any length but zero.
            k: how many entries to give; all of them when there are fewer.

        Returns:
            ids int64 (q, min(k, n)) and cosine distances 1 - cos float32 of the same shape, in [0, 2],
            nearest first, equal distances by id.

        Raises:
            ValueError: wrong shape, k below 1, or a query that is zero, NaN or infinite.
        """
        units = _unit_queries(queries, self._rows.shape[1])
        if k < 1:
            raise ValueError(f"k is {k}; at least 1 is needed")
        k = min(k, len(self))
        ids = np.empty((len(units), k), np.int64)
        distances = np.empty((len(units), k), np.float32)
        if k == 0:
            return ids, distances
        block = max(1, SCORE_BYTES // (len(self) * units.itemsize))
        for start in range(0, len(units), block):
            part = slice(start, start + block)
            scores = units[part] @ self._rows.T
            for i, row in enumerate(scores, start):
                ids[i], distances[i] = self._best(row, k)
        return ids, distances

    def _best(self, scores: NDArray[np.float32], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        rows = np.flatnonzero(scores >= _lower_bound(scores, k))
        distances = np.clip(1 - scores[rows], 0, 2)
        order = np.lexsort((rows, distances))[:k]
        return self._ids[rows[order]], distances[order]


def _lower_bound(scores: NDArray[np.float32], k: int) -> np.float32:
    """A score that at least k of the scores reach, and the k best of them surely.

    The k-th best of the maxima of k or more groups is such a score, found in a fifth of the time that
    partitioning all scores takes.
    """
    groups = len(scores) // _GROUP
    if groups >= k:
        scores = scores[: groups * _GROUP].reshape(groups, _GROUP).max(axis=1)
    bound: np.float32 = np.partition(scores, len(scores) - k)[len(scores) - k]
    return bound


def _unit_queries(queries: NDArray[np.float32], dimensions: int) -> NDArray[np.float32]:
    if queries.ndim != 2 or queries.shape[1] != dimensions:
        raise ValueError(f"queries have shape {queries.shape}; (q, {dimensions}) is needed")
    wide = np.asarray(queries, np.float64)
    lengths = np.linalg.norm(wide, axis=1, keepdims=True)
    if not np.isfinite(lengths).all():
        raise ValueError("a query holds NaN or infinite values")
    if not lengths.all():
        raise ValueError("a query is the zero vector; it has no direction")
    return np.ascontiguousarray(wide / lengths, np.float32)
