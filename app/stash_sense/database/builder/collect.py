"""From photos to vectors, remembering each photo as soon as it is done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from stash_sense.database.builder.people import Person
from stash_sense.database.builder.selection import PhotoRefusedError, persons_face
from stash_sense.database.builder.work import Outcome, WorkFile
from stash_sense.media.decode import ImageError, ImageLimits, decode_image
from stash_sense.recognition.faces import DetectedFace


class FaceSource(Protocol):
    """Whatever finds and embeds faces; in earnest ``FacePipeline.analyse``."""

    def __call__(self, image: NDArray[np.uint8], /) -> Sequence[DetectedFace]:
        """The faces of a uint8 (height, width, 3) RGB image with their embeddings."""
        ...


@dataclass(frozen=True, eq=False)
class TakenFace:
    """A face for the database; ``vectors`` is float32 (2, 512), FaceNet's and ArcFace's."""

    person: Person
    photo: Path
    score: float
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class LeftOut:
    photo: Path
    reason: str


@dataclass(frozen=True)
class Collection:
    taken: list[TakenFace] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def collect(
    people: Iterable[Person],
    source: FaceSource,
    limits: ImageLimits,
    work: WorkFile,
    on_photo: Callable[[Path], None],
) -> Collection:
    """Look at every photo that ``work`` does not know yet; everybody's faces, in the order of ``people``.

    Copies of one photo count once for a person; one that is given for several people is nobody's.
    """
    seen: list[tuple[Person, Path, Outcome]] = []
    owners: dict[str, set[str]] = {}
    for person in people:
        for photo in person.photos:
            outcome = _outcome(photo, source, limits, work)
            seen.append((person, photo, outcome))
            owners.setdefault(outcome.content, set()).add(person.universal_id)
            on_photo(photo)
    collection = Collection()
    used: set[str] = set()
    for person, photo, outcome in seen:
        if outcome.vectors is None:
            collection.left_out.append(LeftOut(photo, outcome.refusal or "no face found"))
        elif len(owners[outcome.content]) > 1:
            collection.left_out.append(LeftOut(photo, "the same photo is given for several people"))
        elif outcome.content not in used:
            used.add(outcome.content)
            collection.taken.append(TakenFace(person, photo, outcome.score, outcome.vectors))
    return collection


def _outcome(photo: Path, source: FaceSource, limits: ImageLimits, work: WorkFile) -> Outcome:
    try:
        known = work.recall(photo)
        if known is None:
            known = _look(photo.read_bytes(), source, limits)
            work.remember(photo, known)
    except OSError as error:
        # Not remembered: a share that was away is there again at the next run.
        return Outcome("", f"cannot be read: {error.strerror or error}")
    return known


def _look(data: bytes, source: FaceSource, limits: ImageLimits) -> Outcome:
    content = hashlib.sha256(data).hexdigest()
    try:
        face = persons_face(source(decode_image(data, limits)))
    except (ImageError, PhotoRefusedError) as error:
        return Outcome(content, str(error))
    return Outcome(
        content, None, float(face.score), np.stack([face.facenet, face.arcface]).astype(np.float32)
    )
