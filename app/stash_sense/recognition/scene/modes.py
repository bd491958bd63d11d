"""The three ways from clusters of faces to persons."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from stash_sense.recognition.fusion import Candidate
from stash_sense.recognition.scene.clustering import Cluster, cluster_faces, merge_same_performer
from stash_sense.recognition.scene.faces import SceneFace
from stash_sense.recognition.scene.persons import Person, in_order
from stash_sense.recognition.scene.rankings import LOWEST_CONFIDENCE, ranked_by_frequency, ranked_by_share
from stash_sense.recognition.scene.tally import Tally, tallies

FOUND_BY_BOTH_BONUS: Final = 0.25
# How often a performer must be seen for the whole scene to speak for them.
_FEWEST_FACES: Final = 2
_FEWEST_FRAMES: Final = 2
_FEWEST_PERSONS: Final = 2

Ranking = Callable[[Cluster], list[Candidate]]


class MatchingMode(StrEnum):
    FREQUENCY = "frequency"
    CLUSTER = "cluster"
    HYBRID = "hybrid"


@dataclass(frozen=True)
class MatchingRules:
    """What a caller may turn.

    Attributes:
        top_k: matches of a person at most.
        max_distance: largest distance (0 to 2) of a match; the faces' candidates are within it already.
        cluster_threshold: largest cosine distance (0 to 2) of a face from the cluster it joins.
        tagged: universal ids of the performers that the scene names.
    """

    mode: MatchingMode = MatchingMode.FREQUENCY
    top_k: int = 3
    max_distance: float = 0.5
    cluster_threshold: float = 0.6
    tagged: Collection[str] = frozenset()


def find_persons(faces: Sequence[SceneFace], rules: MatchingRules) -> list[Person]:
    """The persons whose faces these are, in the order in which they are told."""
    clusters = cluster_faces(faces, rules.cluster_threshold)
    if rules.mode is MatchingMode.HYBRID:
        return in_order(_hybrid(faces, clusters, rules))
    return in_order(_of_clusters(clusters, _ranking(rules), rules.top_k))


def _ranking(rules: MatchingRules) -> Ranking:
    if rules.mode is MatchingMode.FREQUENCY:
        return lambda cluster: ranked_by_frequency(cluster, rules.tagged)
    return lambda cluster: ranked_by_share(cluster, rules.max_distance)


def _of_clusters(clusters: Sequence[Cluster], ranking: Ranking, top_k: int) -> list[Person]:
    """One person a cluster. Merging leaves no performer the best match of two."""

    def best(cluster: Cluster) -> str | None:
        ranked = ranking(cluster)
        return ranked[0].universal_id if ranked else None

    merged = merge_same_performer(clusters, best)
    return [_person(cluster, tuple(ranking(cluster)[:top_k])) for cluster in merged]


def _person(cluster: Cluster, matches: tuple[Candidate, ...]) -> Person:
    frames = frozenset(face.frame for face in cluster)
    best = next((t for t in tallies(cluster) if matches and t.universal_id == matches[0].universal_id), None)
    return Person(frames, len(cluster), matches, best.confidence if best is not None else None)


def _hybrid(faces: Sequence[SceneFace], clusters: Sequence[Cluster], rules: MatchingRules) -> list[Person]:
    """Performers that the clusters are taken for, and those seen often enough in the whole scene."""
    by_clusters = _of_clusters(clusters, _ranking(rules), rules.top_k)
    often = {tally.universal_id: tally for tally in tallies(faces) if _often_enough(tally)}
    known = [
        _strengthened(p, often.pop(p.best.universal_id, None)) for p in by_clusters if p.best is not None
    ]
    # Their faces lie in clusters that are taken for somebody else.
    known += [Person(t.frames, t.faces, (t.mean,), t.confidence, True) for t in often.values()]
    known.sort(key=lambda p: (p.matches[0].distance, -len(p.frames)))
    unknown = [person for person in by_clusters if person.best is None]
    most = max(_FEWEST_PERSONS, min(rules.top_k, len(by_clusters)))
    return [*known, *in_order(unknown)][:most]


def _often_enough(tally: Tally) -> bool:
    return (
        tally.faces >= _FEWEST_FACES
        and len(tally.frames) >= _FEWEST_FRAMES
        and tally.confidence >= LOWEST_CONFIDENCE
    )


def _strengthened(person: Person, overall: Tally | None) -> Person:
    """A person of a cluster, surer when the whole scene agrees.

    The distance falls by what the confidence gains: the two are promised to add up to one.
    """
    if overall is None:
        return person
    # The whole scene has other people's faces as well, that look a little like this performer.
    nearer = min(person.matches[0], overall.mean, key=lambda match: match.distance)
    best = replace(nearer, distance=max(0.0, nearer.distance - FOUND_BY_BOTH_BONUS))
    return replace(person, matches=(best, *person.matches[1:]))
