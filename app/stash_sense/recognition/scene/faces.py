"""One face of one frame, with who it may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stash_sense.recognition.fusion import Candidate


@dataclass(frozen=True, eq=False)
class SceneFace:
    """A face that is large enough.

    Attributes:
        frame: number of its frame; faces of one frame share it.
        vector: float32 (1024,), FaceNet's and ArcFace's vector of the face, see `joined_vector`.
        candidates: who is near enough, nearest first, each performer once.
    """

    frame: int
    vector: NDArray[np.float32]
    candidates: tuple[Candidate, ...]


def joined_vector(facenet: NDArray[np.float32], arcface: NDArray[np.float32]) -> NDArray[np.float32]:
    """Both vectors one behind the other, each of length 1: so the models count alike.

    The cosine distance of two such vectors is the mean of the models' cosine distances.

    Args:
        facenet, arcface: float32 (512,), not zero.
    """
    halves = [facenet / np.linalg.norm(facenet), arcface / np.linalg.norm(arcface)]
    return np.concatenate(halves).astype(np.float32, copy=False)
