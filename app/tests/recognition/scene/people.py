"""Made-up faces: a vector in a person's direction, and whom they resemble."""

from __future__ import annotations

import numpy as np

from stash_sense.recognition.fusion import Candidate
from stash_sense.recognition.scene.faces import SceneFace, joined_vector


def looks_like(**distances: float) -> tuple[Candidate, ...]:
    """Candidates by name, nearest first."""
    found = [Candidate(name, d, d - 0.01, d + 0.01) for name, d in distances.items()]
    return tuple(sorted(found, key=lambda c: c.distance))


def face(frame: int, person: int, candidates: tuple[Candidate, ...] = (), noise: float = 0.02) -> SceneFace:
    """A face of person number so-and-so; different persons' vectors stand at right angles."""
    random = np.random.default_rng((frame, person))
    halves = []
    for _ in range(2):
        half = random.standard_normal(512).astype(np.float32) * noise
        half[person] += 1
        halves.append(half)
    return SceneFace(frame, joined_vector(*halves), candidates)
