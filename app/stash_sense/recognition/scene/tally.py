"""How often, and how near, a performer was seen in a group of faces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from stash_sense.recognition.fusion import Candidate
from stash_sense.recognition.scene.faces import SceneFace


@dataclass(frozen=True)
class Tally:
    """One performer in a group of faces.

    Attributes:
        faces: how many of the faces have the performer among their candidates.
        frames: the frames of these faces.
        nearest: the smallest fused distance.
        mean: the means over these faces, fused and of each model.
    """

    faces: int
    frames: frozenset[int]
    nearest: float
    mean: Candidate

    @property
    def universal_id(self) -> str:
        return self.mean.universal_id

    @property
    def confidence(self) -> float:
        """Of the mean distance, limited to 0 to 1."""
        return min(1.0, max(0.0, 1.0 - self.mean.distance))


def tallies(faces: Iterable[SceneFace]) -> list[Tally]:
    """One for each performer that any of the faces may be, in the order of their appearance."""
    seen: dict[str, list[tuple[int, Candidate]]] = defaultdict(list)
    for face in faces:
        for candidate in face.candidates:
            seen[candidate.universal_id].append((face.frame, candidate))
    return [_tally(name, pairs) for name, pairs in seen.items()]


def _tally(universal_id: str, pairs: list[tuple[int, Candidate]]) -> Tally:
    count = len(pairs)
    mean = Candidate(
        universal_id,
        sum(c.distance for _, c in pairs) / count,
        sum(c.facenet_distance for _, c in pairs) / count,
        sum(c.arcface_distance for _, c in pairs) / count,
    )
    nearest = min(c.distance for _, c in pairs)
    return Tally(count, frozenset(frame for frame, _ in pairs), nearest, mean)
