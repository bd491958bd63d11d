"""Which pose belongs to which face. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stash_sense.recognition.faces import Detection
from stash_sense.signals.body.pose import FACE, Pose


def poses_of_faces(faces: Sequence[Detection], poses: Sequence[Pose]) -> list[Pose | None]:
    """The pose of each face, None where no pose has its face there.

    A pose is a face's when the middle of its nose, eyes and mouth lies in the face's box. A face has one
    pose and a pose one face; where boxes overlap, the pair whose middles are nearest, measured by the size
    of the box, comes first.
    """
    pairs = sorted(
        (offset, f, p)
        for f, face in enumerate(faces)
        for p, pose in enumerate(poses)
        if (offset := _offset(face, pose)) <= 1
    )
    found: list[Pose | None] = [None] * len(faces)
    taken: set[int] = set()
    for _, f, p in pairs:
        if found[f] is None and p not in taken:
            found[f] = poses[p]
            taken.add(p)
    return found


def _offset(face: Detection, pose: Pose) -> float:
    """How far from the middle of the box the pose has its face: 0 the middle, 1 the border, more outside."""
    x1, y1, x2, y2 = face.box
    half = np.array([x2 - x1, y2 - y1], np.float64) / 2
    if half.min() <= 0:
        return float("inf")
    middle = pose.points[list(FACE)].astype(np.float64).mean(axis=0)
    offset = float(np.abs((middle - [(x1 + x2) / 2, (y1 + y2) / 2]) / half).max())
    return offset if np.isfinite(offset) else float("inf")
