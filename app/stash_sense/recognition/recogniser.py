"""Who is in a picture: the pipeline's faces, looked up in the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stash_sense.database.load import FaceDatabase, Performer
from stash_sense.recognition.faces import DetectedFace
from stash_sense.recognition.fusion import Candidate, Neighbours, fuse
from stash_sense.recognition.pipeline import FacePipeline
from stash_sense.recognition.ranking import rank

# Neighbours asked of each index for a face; the contract's number.
NEIGHBOURS = 100

# What other signals say: of an image, its faces and each face's candidates, for each face the weights of
# candidates by universal id.
Weigh = Callable[
    [NDArray[np.uint8], Sequence[DetectedFace], Sequence[Sequence[Candidate]]], Sequence[Mapping[str, float]]
]


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
    """A performer near a face.

    Attributes:
        weight: what other signals made of it in the order of the matches; 1 is nothing.
    """

    performer: Performer
    candidate: Candidate
    weight: float = 1.0

    @property
    def confidence(self) -> float:
        """``1 - distance``, limited to 0 to 1."""
        return min(1.0, max(0.0, 1.0 - self.candidate.distance))


@dataclass(frozen=True, eq=False)
class IdentifiedFace:
    face: DetectedFace
    matches: tuple[PerformerMatch, ...]


def identify(
    pipeline: FacePipeline,
    database: FaceDatabase,
    image: NDArray[np.uint8],
    query: Query,
    weigh: Weigh | None = None,
) -> list[IdentifiedFace]:
    """The faces of an image, left to right, each with its matches, nearest first unless ``weigh`` re-ranks.

    Args:
        image: uint8 (height, width, 3), RGB.

    Raises:
        ModelError: a model failed.
    """
    faces = pipeline.analyse(image, query.min_face_confidence)
    near = [_near(database, found, query.max_distance) for found in search(database, faces)]
    weights = weigh(image, faces, near) if weigh is not None else [{}] * len(faces)
    return [
        IdentifiedFace(face, _matches(database, candidates, said, query.top_k))
        for face, candidates, said in zip(faces, near, weights, strict=True)
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


def _near(database: FaceDatabase, candidates: list[Candidate], max_distance: float) -> list[Candidate]:
    return [c for c in candidates if c.distance <= max_distance and c.universal_id in database.performers]


def _matches(
    database: FaceDatabase, near: list[Candidate], weights: Mapping[str, float], top_k: int
) -> tuple[PerformerMatch, ...]:
    return tuple(
        PerformerMatch(database.performers[r.candidate.universal_id], r.candidate, r.weight)
        for r in rank(near, weights)[:top_k]
    )
