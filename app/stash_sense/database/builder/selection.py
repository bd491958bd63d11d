"""Which face of a photo is the person's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from stash_sense.recognition.faces import DetectedFace

# A face must cover this many times the area of the next largest: bystanders are farther away, but
# somebody posing beside the person is not.
DOMINANCE: Final[float] = 2.0


class PhotoRefusedError(Exception):
    """The photo shows no face that surely is the person's; the message says why."""


def persons_face(faces: Sequence[DetectedFace]) -> DetectedFace:
    """The face that is the person's: the only one, or one that clearly dominates.

    Raises:
        PhotoRefusedError: no face, several of similar size, or one without usable embeddings.
    """
    if not faces:
        raise PhotoRefusedError("no face found")
    largest, *others = sorted(faces, key=_area, reverse=True)
    if others and _area(largest) < DOMINANCE * _area(others[0]):
        raise PhotoRefusedError(
            f"{len(faces)} faces, and the largest does not stand out; crop the photo to the person"
        )
    for vector in (largest.facenet, largest.arcface):
        if not np.isfinite(vector).all() or not vector.any():
            raise PhotoRefusedError("the models give no usable vector for its face")
    return largest


def _area(face: DetectedFace) -> float:
    x1, y1, x2, y2 = face.box
    return max(0.0, x2 - x1) * max(0.0, y2 - y1)
