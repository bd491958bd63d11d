from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stash_sense.signals.body.pose import LANDMARKS, Joint, Pose
from stash_sense.signals.body.ratios import BodyRatios, measure
from tests.signals.body.poses import hidden, moved, standing

LIMBS = [joint for joint in Joint if joint.name.endswith(("ELBOW", "WRIST", "KNEE", "ANKLE"))]

lengths = st.floats(5, 500)
standing_poses = st.builds(
    standing, shoulders=lengths, hips=lengths, torso=lengths, leg=lengths, arm=lengths, neck=lengths
)


def ratios(pose: Pose) -> BodyRatios:
    found = measure(pose)
    assert found is not None
    return found


def test_the_ratios_are_those_of_the_lengths() -> None:
    found = ratios(standing(shoulders=40, hips=25, torso=60, leg=90, arm=70, neck=20))
    assert found.shoulder_hip == pytest.approx(40 / 25)
    assert found.leg_torso == pytest.approx(90 / 60)
    assert found.arm_span_height == pytest.approx((40 + 70 + 70) / (20 + 60 + 90))
    assert found.confidence == pytest.approx(0.9)


def test_a_bent_arm_and_knee_count_as_long_as_straight_ones() -> None:
    straight = standing(arm=70, leg=90)
    points = straight.points.copy()
    points[Joint.LEFT_WRIST] = points[Joint.LEFT_ELBOW] + [35, 0]
    points[Joint.RIGHT_ANKLE] = points[Joint.RIGHT_KNEE] - [45, 0]
    bent = ratios(Pose(points, straight.visibility))
    assert bent.arm_span_height == pytest.approx(ratios(straight).arm_span_height)
    assert bent.leg_torso == pytest.approx(ratios(straight).leg_torso)


def test_what_is_not_seen_leaves_its_ratio_unknown_and_the_others_known() -> None:
    found = ratios(hidden(standing(), Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE))
    assert found.shoulder_hip is not None
    assert found.leg_torso is None
    assert found.arm_span_height is None


def test_one_leg_and_one_arm_stand_for_both() -> None:
    found = ratios(hidden(standing(), Joint.LEFT_KNEE, Joint.RIGHT_WRIST))
    assert found.leg_torso == pytest.approx(ratios(standing()).leg_torso)
    assert found.arm_span_height == pytest.approx(ratios(standing()).arm_span_height)


def test_a_head_alone_has_no_ratios() -> None:
    assert measure(hidden(standing(), *(joint for joint in Joint if joint != Joint.NOSE))) is None


@pytest.mark.parametrize(("visibility", "known"), [(0.3, True), (0.2999, False)])
def test_a_landmark_counts_from_a_visibility_of_three_tenths(visibility: float, known: bool) -> None:
    without_legs = hidden(standing(), *LIMBS)
    found = measure(hidden(without_legs, Joint.LEFT_HIP, Joint.RIGHT_HIP, visibility=visibility))
    assert (found is not None) is known


def test_confidence_is_the_mean_visibility_of_the_landmarks_that_were_used() -> None:
    pose = hidden(standing(), Joint.LEFT_HIP, visibility=0.5)
    found = ratios(hidden(pose, *LIMBS, visibility=0.1))
    assert found.confidence == pytest.approx((0.9 + 0.9 + 0.5 + 0.9) / 4)


def test_hips_in_one_point_are_no_divisor() -> None:
    found = ratios(standing(hips=0))
    assert found.shoulder_hip is None
    assert found.leg_torso is not None


@given(standing_poses, st.floats(-1000, 1000), st.floats(0.2, 5), st.floats(0, 2 * math.pi))
def test_where_how_large_and_how_turned_a_person_is_does_not_matter(
    pose: Pose, by: float, scale: float, turn: float
) -> None:
    one, two = ratios(pose), ratios(moved(pose, (by, -by), scale, turn))
    for name in ("shoulder_hip", "leg_torso", "arm_span_height"):
        assert getattr(two, name) == pytest.approx(getattr(one, name), rel=0.01)


@given(standing_poses)
def test_a_mirror_image_has_the_same_ratios(pose: Pose) -> None:
    points = pose.points.copy()
    for left in (joint for joint in Joint if joint.name.startswith("LEFT")):
        right = Joint[left.name.replace("LEFT", "RIGHT")]
        points[[left, right]] = points[[right, left]]
    one, two = ratios(pose), ratios(Pose(points * [-1, 1], pose.visibility))
    for name in ("shoulder_hip", "leg_torso", "arm_span_height"):
        assert getattr(two, name) == pytest.approx(getattr(one, name), rel=1e-4)


anything = arrays(np.float32, (LANDMARKS, 2), elements=st.floats(width=32))


@given(anything, arrays(np.float32, LANDMARKS, elements=st.floats(0, 1, width=32)))
def test_whatever_the_landmarks_a_ratio_is_a_positive_number_or_unknown(
    points: np.ndarray, visibility: np.ndarray
) -> None:
    found = measure(Pose(points, visibility))
    if found is None:
        return
    known = [r for r in (found.shoulder_hip, found.leg_torso, found.arm_span_height) if r is not None]
    assert known
    assert all(math.isfinite(r) and r > 0 for r in known)
    assert 0.3 <= found.confidence <= 1 + 1e-6
