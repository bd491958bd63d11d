"""A person of a scene, and in which order persons are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stash_sense.recognition.fusion import Candidate


@dataclass(frozen=True)
class Person:
    """Faces that are taken for one person's.

    Attributes:
        frames: the frames with a face of theirs.
        face_count: how many faces are theirs.
        matches: who it may be, best first; none for somebody unknown. The distances are the mode's.
        mean_confidence: of the best match, the mean over the faces that it was found in; None without one.
        counted_elsewhere: whether these faces are other persons' too.
    """

    frames: frozenset[int]
    face_count: int
    matches: tuple[Candidate, ...]
    mean_confidence: float | None
    counted_elsewhere: bool = False

    @property
    def best(self) -> Candidate | None:
        return self.matches[0] if self.matches else None


def in_order(persons: Iterable[Person]) -> list[Person]:
    """Known persons first; within known and unknown, those of most frames first."""

    def rank(person: Person) -> tuple[bool, int, float]:
        distance = person.best.distance if person.best is not None else 0.0
        return person.best is None, -len(person.frames), distance

    return sorted(persons, key=rank)
