"""Who of the performers a cluster resembles it is: the orders of the modes "frequency" and "cluster"."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from stash_sense.recognition.fusion import Candidate
from stash_sense.recognition.scene.clustering import Cluster
from stash_sense.recognition.scene.tally import Tally, tallies

FRAME_BONUS: Final = 0.1
TAGGED_BONUS: Final = 0.03
LOWEST_CONFIDENCE: Final = 0.35


def frequency_score(tally: Tally, tagged: Collection[str]) -> float:
    """``(1 - min distance) * (1 + 0.1 * (distinct frames - 1))``, plus 0.03 for a tagged performer."""
    score = (1 - tally.nearest) * (1 + FRAME_BONUS * (len(tally.frames) - 1))
    return score + (TAGGED_BONUS if tally.universal_id in tagged else 0.0)


def ranked_by_frequency(cluster: Cluster, tagged: Collection[str]) -> list[Candidate]:
    """The cluster's performers by `frequency_score`, with mean distances; the doubtful ones are dropped."""
    kept = [t for t in tallies(cluster) if t.confidence >= LOWEST_CONFIDENCE]
    kept.sort(key=lambda t: (-frequency_score(t, tagged), t.mean.distance, t.universal_id))
    return [tally.mean for tally in kept]


def ranked_by_share(cluster: Cluster, max_distance: float) -> list[Candidate]:
    """The cluster's performers by mean distance / sqrt(share of its faces that matched), nearest first.

    That quotient is also the distance they get, and has to be within ``max_distance`` like any other.
    """
    found = [_penalised(tally, tally.faces / len(cluster)) for tally in tallies(cluster)]
    near = [candidate for candidate in found if candidate.distance <= max_distance]
    return sorted(near, key=lambda c: (c.distance, c.universal_id))


def _penalised(tally: Tally, share: float) -> Candidate:
    return replace(tally.mean, distance=min(2.0, tally.mean.distance / math.sqrt(share)))
