"""Who is in a picture: the pipeline's faces, looked up in the database."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stash_sense.database.load import FaceDatabase, Performer
from stash_sense.recognition.faces import DetectedFace
from stash_sense.recognition.fusion import Candidate, Neighbours, fuse
from stash_sense.recognition.pipeline import FacePipeline

# Neighbours asked of each index for a face; the contract's number.
NEIGHBOURS = 100


@dataclass(frozen=True)
class Query:
    """What a caller may turn.

    Attributes:
        top_k: matches per face at most.
        max_distance: matches farther than this fused cosine distance (0 to 2) are left out.
        min_face_confidence: faces below this detector score (0 to 1) are left out.
    """

    top_k: int = 5
    max_distance: float = 0.6
    min_face_confidence: float = 0.5


@dataclass(frozen=True)
class PerformerMatch:
    performer: Performer
    candidate: Candidate

    @property
    def confidence(self) -> float:
        """``1 - distance``, limited to 0 to 1."""
        return min(1.0, max(0.0, 1.0 - self.candidate.distance))


@dataclass(frozen=True, eq=False)
class IdentifiedFace:
    face: DetectedFace
    matches: tuple[PerformerMatch, ...]


def identify(
    pipeline: FacePipeline, database: FaceDatabase, image: NDArray[np.uint8], query: Query
) -> list[IdentifiedFace]:
    """The faces of an image, left to right, each with its matches, nearest first.

    Args:
        image: uint8 (height, width, 3), RGB.

    Raises:
        ModelError: a model failed.
    """
    faces = pipeline.analyse(image, query.min_face_confidence)
    candidates = search(database, faces)
    return [
        IdentifiedFace(face, _matches(database, found, query))
        for face, found in zip(faces, candidates, strict=True)
    ]


def search(database: FaceDatabase, faces: list[DetectedFace]) -> list[list[Candidate]]:
    """Fused candidates of each face; all faces of a picture go through an index as one batch."""
    if not faces:
        return []
    facenet = database.facenet.search(np.stack([face.facenet for face in faces]), NEIGHBOURS)
    arcface = database.arcface.search(np.stack([face.arcface for face in faces]), NEIGHBOURS)

    def performer_of(entry: int) -> str | None:
        return database.faces[entry] if 0 <= entry < len(database.faces) else None

    return [
        fuse(Neighbours(facenet[0][i], facenet[1][i]), Neighbours(arcface[0][i], arcface[1][i]), performer_of)
        for i in range(len(faces))
    ]


def _matches(database: FaceDatabase, candidates: list[Candidate], query: Query) -> tuple[PerformerMatch, ...]:
    near = (c for c in candidates if c.distance <= query.max_distance)
    known = (
        PerformerMatch(database.performers[c.universal_id], c)
        for c in near
        if c.universal_id in database.performers
    )
    return tuple(match for match, _ in zip(known, range(query.top_k), strict=False))
