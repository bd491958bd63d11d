"""Proportions of a body, measured on a pose. Pure functions.

Lengths are taken in pixels of the picture and along the limbs, so that a bent arm or knee counts as long as a
straight one. A pose has no crown: height is measured from the nose down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stash_sense.signals.body.pose import Joint, Pose

MIN_VISIBILITY: Final = 0.3
# Pixels. Shorter lines are rounding: nothing is divided by them.
_SHORTEST: Final = 1e-3

_ARMS: Final = (
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST),
)
_LEGS: Final = (
    (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
)


@dataclass(frozen=True)
class BodyRatios:
    """What was measured; None for what the picture does not show.

    Attributes:
        shoulder_hip: width of the shoulders over width of the hips.
        leg_torso: length of a leg over length of the torso.
        arm_span_height: both arms and the shoulders between them, over the height from the nose down.
        confidence: mean visibility of the landmarks that the ratios rest on, 0.3 to 1.
    """

    shoulder_hip: float | None
    leg_torso: float | None
    arm_span_height: float | None
    confidence: float


def measure(pose: Pose) -> BodyRatios | None:
    """The ratios of a pose; None when not one of them can be told."""
    if not np.isfinite(pose.points).all():
        return None
    ruler = _Ruler(pose)
    shoulders = ruler.along(Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
    hips = ruler.along(Joint.LEFT_HIP, Joint.RIGHT_HIP)
    torso, neck = ruler.torso(), ruler.neck()
    arm, leg = ruler.limb(_ARMS), ruler.limb(_LEGS)
    span = shoulders.plus(arm).plus(arm)
    height = neck.plus(torso).plus(leg)
    ratios = {
        "shoulder_hip": (shoulders, hips),
        "leg_torso": (leg, torso),
        "arm_span_height": (span, height),
    }
    known = {name: value for name, lines in ratios.items() if (value := _quotient(*lines)) is not None}
    if not known:
        return None
    joints = sorted(frozenset().union(*(line.joints for name in known for line in ratios[name])))
    confidence = float(np.mean(pose.visibility[joints], dtype=np.float64))
    return BodyRatios(
        known.get("shoulder_hip"), known.get("leg_torso"), known.get("arm_span_height"), confidence
    )


@dataclass(frozen=True)
class _Line:
    """A length in pixels, None when a joint of it is not seen, and the joints that it rests on."""

    length: float | None
    joints: frozenset[int] = frozenset()

    def plus(self, other: _Line) -> _Line:
        if self.length is None or other.length is None:
            return _UNKNOWN
        return _Line(self.length + other.length, self.joints | other.joints)


_UNKNOWN: Final = _Line(None)


def _quotient(numerator: _Line, denominator: _Line) -> float | None:
    over, under = numerator.length or 0.0, denominator.length or 0.0
    return over / under if min(over, under) >= _SHORTEST else None


class _Ruler:
    """Measures between those joints of a pose that are seen."""

    def __init__(self, pose: Pose) -> None:
        self._points = pose.points.astype(np.float64)
        self._seen = pose.visibility >= MIN_VISIBILITY

    def along(self, *joints: Joint) -> _Line:
        """The way from joint to joint."""
        if not self._seen[list(joints)].all():
            return _UNKNOWN
        steps = np.diff(self._points[list(joints)], axis=0)
        return _Line(float(np.linalg.norm(steps, axis=1).sum()), frozenset(joints))

    def limb(self, sides: tuple[tuple[Joint, ...], ...]) -> _Line:
        """The mean of the sides that are seen whole."""
        lines = [line for side in sides if (line := self.along(*side)).length is not None]
        if not lines:
            return _UNKNOWN
        mean = sum(line.length or 0.0 for line in lines) / len(lines)
        return _Line(mean, frozenset().union(*(line.joints for line in lines)))

    def torso(self) -> _Line:
        return self._between((Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER), (Joint.LEFT_HIP, Joint.RIGHT_HIP))

    def neck(self) -> _Line:
        return self._between((Joint.NOSE,), (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER))

    def _between(self, one: tuple[Joint, ...], two: tuple[Joint, ...]) -> _Line:
        """From the middle of some joints to the middle of others."""
        joints = [*one, *two]
        if not self._seen[joints].all():
            return _UNKNOWN
        way = self._points[list(one)].mean(axis=0) - self._points[list(two)].mean(axis=0)
        return _Line(float(np.linalg.norm(way)), frozenset(joints))
