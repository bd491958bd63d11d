"""Poses for tests: a person standing upright, of any proportions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stash_sense.signals.body.pose import LANDMARKS, Joint, Pose


def standing(
    shoulders: float = 40,
    hips: float = 25,
    torso: float = 60,
    leg: float = 90,
    arm: float = 70,
    neck: float = 20,
) -> Pose:
    """Lengths in pixels; all of it is seen, with visibility 0.9. The nose is at (0, 0)."""
    points: NDArray[np.float32] = np.zeros((LANDMARKS, 2), np.float32)
    for side, sign in (("LEFT", 1), ("RIGHT", -1)):
        at = {
            "SHOULDER": (sign * shoulders / 2, neck),
            "ELBOW": (sign * shoulders / 2, neck + arm / 2),
            "WRIST": (sign * shoulders / 2, neck + arm),
            "HIP": (sign * hips / 2, neck + torso),
            "KNEE": (sign * hips / 2, neck + torso + leg / 2),
            "ANKLE": (sign * hips / 2, neck + torso + leg),
        }
        for joint, point in at.items():
            points[Joint[f"{side}_{joint}"]] = point
    return Pose(points, np.full(LANDMARKS, 0.9, np.float32))


def hidden(pose: Pose, *joints: Joint, visibility: float = 0.29) -> Pose:
    """The same pose with some joints hardly seen."""
    seen = pose.visibility.copy()
    seen[list(joints)] = visibility
    return Pose(pose.points, seen)


def moved(pose: Pose, by: tuple[float, float] = (0, 0), scale: float = 1, turn: float = 0) -> Pose:
    """The same pose elsewhere, larger, or turned by an angle in radians."""
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    points = (pose.points.astype(np.float64) @ rotation.T) * scale + np.array(by)
    return Pose(points.astype(np.float32), pose.visibility)
