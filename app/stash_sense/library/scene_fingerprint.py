"""A scene's fingerprint: who was recognised in it, and how much of it is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FingerprintStatus = Literal["pending", "complete", "error"]


@dataclass(frozen=True)
class FingerprintPerformer:
    """A performer's part in a scene.

    Attributes:
        performer_id: the id on the stash-box, the UUID without the box's domain, as in images' fingerprints.
        face_count: faces that were taken for theirs.
        avg_confidence: 0 to 1, the mean over those faces; None in old fingerprints that lack it.
        proportion: their part, 0 to 1, of all faces that were recognised; None likewise.
    """

    performer_id: str
    face_count: int
    avg_confidence: float | None
    proportion: float | None


@dataclass(frozen=True)
class SceneFingerprint:
    """What an analysis found. Complete and without performers: analysed, and nobody recognised.

    Attributes:
        scene_id: Stash's.
        total_faces: recognised or not.
        frames_analyzed: the cover counts as one.
        db_version: version of the recognition database that answered.
        performers: each once.
        status: pending: to be made, or made anew; error: the scene could not be analysed.
    """

    scene_id: str
    total_faces: int
    frames_analyzed: int
    db_version: str | None
    performers: tuple[FingerprintPerformer, ...]
    status: FingerprintStatus = "complete"
