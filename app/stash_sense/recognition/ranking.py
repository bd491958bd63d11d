"""In which order candidates are named when something else than the face weighs too. Pure functions.

A candidate's similarity, ``1 / (1 + distance)``, is multiplied by its weight, and the candidates are ordered
by the product. The distance itself stays what it is, the fused cosine distance of the face: ``max_distance``
means it, ``confidence = 1 - distance`` follows from it, and FaceNet's and ArcFace's distances explain it.

The product could be turned back into a distance, ``(1 + distance) / weight - 1``. That would be no cosine
distance, and a weight of 0.6 would put even an identical face beyond the default ``max_distance``: one body
seen from the side would take a match away instead of moving it down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stash_sense.recognition.fusion import Candidate


@dataclass(frozen=True)
class Ranked:
    """A candidate and what the other signals make of it: 1 nothing, less against it, more for it."""

    candidate: Candidate
    weight: float

    @property
    def similarity(self) -> float:
        """``weight / (1 + distance)``."""
        return self.weight / (1.0 + self.candidate.distance)


def rank(candidates: Iterable[Candidate], weights: Mapping[str, float]) -> list[Ranked]:
    """The candidates, the most similar first; equal ones by distance, then by id.

    Args:
        weights: universal id to weight; a candidate without one has weight 1.
    """
    ranked = (Ranked(c, weights.get(c.universal_id, 1.0)) for c in candidates)
    return sorted(ranked, key=lambda r: (-r.similarity, r.candidate.distance, r.candidate.universal_id))
