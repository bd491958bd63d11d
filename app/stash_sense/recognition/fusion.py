"""Fusing the neighbours that two indices give for one face. Pure functions.

The rules and their numbers are the service's contract: equal weights, 0.5 for a distance that one index did
not give, and a model left out for a face when its nearest distances say nothing (degenerate).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

WEIGHT: Final = 0.5
MISSING_DISTANCE: Final = 0.5
NEAREST_LOOKED_AT: Final = 20


@dataclass(frozen=True, eq=False)
class Neighbours:
    """What one index gives for one face.

    Attributes:
        ids: int64 (k,), positions in ``faces.json``.
        distances: float32 (k,), cosine distances, ascending.
    """

    ids: NDArray[np.int64]
    distances: NDArray[np.float32]


@dataclass(frozen=True)
class Candidate:
    """One performer's best entry for a face. Distances are cosine distances (0 to 2)."""

    universal_id: str
    distance: float
    facenet_distance: float
    arcface_distance: float


def is_degenerate(distances: NDArray[np.float32]) -> bool:
    """Whether an index's nearest distances are too small and too alike to tell anybody apart.

    Args:
        distances: float32 (k,), ascending; the nearest 20 are looked at.
    """
    nearest = distances[:NEAREST_LOOKED_AT].astype(np.float64)
    if nearest.size == 0:
        return False
    minimum, spread, variance = float(nearest.min()), float(np.ptp(nearest)), float(nearest.var())
    return (minimum < 0.10 and (variance < 0.002 or spread < 0.05)) or (
        minimum < 0.20 and spread < 0.03 and variance < 0.001
    )


def fuse(
    facenet: Neighbours, arcface: Neighbours, performer_of: Callable[[int], str | None]
) -> list[Candidate]:
    """The performers near a face, each once with its best entry, nearest first.

    Args:
        performer_of: universal id of an entry; None skips the entry (a gap, or outside ``faces.json``).
    """
    by_facenet = dict(zip(facenet.ids.tolist(), facenet.distances.tolist(), strict=True))
    by_arcface = dict(zip(arcface.ids.tolist(), arcface.distances.tolist(), strict=True))
    facenet_weight, arcface_weight = _weights(facenet, arcface)
    entries = (by_facenet if facenet_weight else {}) | (by_arcface if arcface_weight else {})
    best: dict[str, Candidate] = {}
    for entry in entries:
        performer = performer_of(entry)
        if performer is None:
            continue
        f, a = by_facenet.get(entry, MISSING_DISTANCE), by_arcface.get(entry, MISSING_DISTANCE)
        candidate = Candidate(performer, facenet_weight * f + arcface_weight * a, f, a)
        known = best.get(performer)
        if known is None or candidate.distance < known.distance:
            best[performer] = candidate
    return sorted(best.values(), key=lambda c: (c.distance, c.universal_id))


def _weights(facenet: Neighbours, arcface: Neighbours) -> tuple[float, float]:
    """Weights of FaceNet and ArcFace; when both are degenerate, FaceNet alone counts."""
    facenet_out, arcface_out = is_degenerate(facenet.distances), is_degenerate(arcface.distances)
    if arcface_out:
        return 1.0, 0.0
    if facenet_out:
        return 0.0, 1.0
    return WEIGHT, 1.0 - WEIGHT
