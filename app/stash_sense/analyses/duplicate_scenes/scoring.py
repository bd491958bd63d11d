"""How likely two scenes are the same: a score of 0 to 100 points.

The formulas are promised to users of the plugin. They are written once, for numbers and for arrays of them
alike, so that the search over a whole library and the explanation of one pair cannot disagree.
"""

from __future__ import annotations

from typing import Final, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from stash_sense.analyses.duplicate_scenes.facts import WHOLE, SceneFacts

THRESHOLD: Final = 50.0
"""Pairs from here up are recommended."""

MATCH: Final = 100.0
"""The score of a pair that a stash-box knows as one scene."""

MOST: Final = 95.0
"""What can be had without a stash-box's word."""

FACES_MOST: Final = 85.0
METADATA_MOST: Final = 60.0
SAME_STUDIO: Final = 20.0
SAME_PERFORMERS: Final = 20.0
SIMILAR_PERFORMERS: Final = 12.0
EXACT, CLOSE = 0.5, 0.3
"""What date and duration add to the factor of the metadata score, each."""

WEEK_DAYS: Final = 7
EXACT_SECONDS: Final = 5.0
CLOSE_SECONDS: Final = 30.0

Points = TypeVar("Points", float, NDArray[np.float64])


def face_points(difference: Points, performers: Points) -> Points:
    """0 to 85 points for two fingerprints that have a performer in common.

    Args:
        difference: the sum of |share in one - share in the other| over the performers of either, in
            millionths.
        performers: how many performers are in either, at least 1.
    """
    mean = difference / (performers * WHOLE)
    return cast("Points", np.maximum(FACES_MOST * (1 - 2 * mean), 0.0))


def metadata_points(base: Points, factor: Points) -> Points:
    """0 to 60 points for what Stash knows of both: studio and performers, times date and duration."""
    return cast("Points", np.minimum(base * factor, METADATA_MOST))


def combined_points(faces: Points, metadata: Points) -> Points:
    """The stronger of the two, and a bonus for the other."""
    stronger, weaker = np.maximum(faces, metadata), np.minimum(faces, metadata)
    return cast("Points", np.minimum(stronger + 0.3 * weaker, MOST))


def face_score(one: SceneFacts, other: SceneFacts) -> float:
    """0 to 85: how alike the shares of the recognised performers are.

    Two fingerprints without a performer in common speak for nothing, however small all their shares are.
    """
    if not one.shares.keys() & other.shares.keys():
        return 0.0
    either = one.shares.keys() | other.shares.keys()
    difference = sum(abs(one.shares.get(who, 0) - other.shares.get(who, 0)) for who in either)
    return float(face_points(float(difference), float(len(either))))


def metadata_score(one: SceneFacts, other: SceneFacts) -> float:
    """0 to 60: what Stash knows of both."""
    base = studio_points(one, other) + performer_points(one, other)
    return float(metadata_points(base, 1.0 + date_bonus(one, other) + duration_bonus(one, other)))


def studio_points(one: SceneFacts, other: SceneFacts) -> float:
    return SAME_STUDIO if one.studio_id is not None and one.studio_id == other.studio_id else 0.0


def performer_points(one: SceneFacts, other: SceneFacts) -> float:
    """20 for the same performers, 12 when at least half of those named by either are named by both."""
    common = len(one.performer_ids & other.performer_ids)
    return overlap_points(common, len(one.performer_ids | other.performer_ids))


def overlap_points(common: int, either: int) -> float:
    """Points for ``common`` performers named by both of ``either`` named by one or both."""
    if common == 0:
        return 0.0
    if common == either:
        return SAME_PERFORMERS
    return SIMILAR_PERFORMERS if 2 * common >= either else 0.0


def date_bonus(one: SceneFacts, other: SceneFacts) -> float:
    if one.date is None or other.date is None:
        return 0.0
    days = abs(one.date - other.date)
    return EXACT if days == 0 else CLOSE if days <= WEEK_DAYS else 0.0


def duration_bonus(one: SceneFacts, other: SceneFacts) -> float:
    if one.duration is None or other.duration is None:
        return 0.0
    seconds = abs(one.duration - other.duration)
    return EXACT if seconds <= EXACT_SECONDS else CLOSE if seconds <= CLOSE_SECONDS else 0.0


def score(one: SceneFacts, other: SceneFacts) -> float:
    """0 to 100: how likely the two are the same scene."""
    if one.stash_ids & other.stash_ids:
        return MATCH
    return float(combined_points(face_score(one, other), metadata_score(one, other)))
