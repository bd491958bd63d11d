from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stash_sense.recognition.scene.clustering import Cluster, cluster_faces, merge_same_performer
from stash_sense.recognition.scene.faces import SceneFace, joined_vector
from tests.recognition.scene.people import face


def frames(clusters: list[Cluster]) -> list[list[int]]:
    return [[f.frame for f in cluster] for cluster in clusters]


def test_the_distance_of_two_joined_vectors_is_the_mean_of_the_models_distances() -> None:
    random = np.random.default_rng(0)
    a, b, c, d = (random.standard_normal(512).astype(np.float32) * 7 for _ in range(4))

    def distance(x: np.ndarray, y: np.ndarray) -> float:
        return 1 - float(x @ y / np.linalg.norm(x) / np.linalg.norm(y))

    joined = distance(joined_vector(a, b), joined_vector(c, d))
    assert joined == pytest.approx((distance(a, c) + distance(b, d)) / 2, abs=1e-5)


def test_faces_of_one_direction_are_one_cluster() -> None:
    faces = [face(0, 1), face(0, 2), face(1, 2), face(2, 1), face(3, 3)]
    assert frames(cluster_faces(faces, 0.6)) == [[0, 2], [0, 1], [3]]


def test_a_face_is_compared_with_the_mean_of_a_cluster_and_joins_the_nearest() -> None:
    def at(frame: int, degrees: float) -> SceneFace:
        half = np.zeros(512, np.float32)
        half[:2] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        return SceneFace(frame, joined_vector(half, half), ())

    near = 1 - np.cos(np.radians(50)) + 1e-6
    # 45 degrees from the mean of 0 and 40 is too far from the first face, and not from the mean.
    assert frames(cluster_faces([at(0, 0), at(1, 40), at(2, 65)], near)) == [[0, 1, 2]]
    assert frames(cluster_faces([at(0, 0), at(1, 90), at(2, 50)], near)) == [[0], [1, 2]]


def test_no_faces_are_no_clusters() -> None:
    assert cluster_faces([], 0.6) == []


people = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6)), max_size=40)


@settings(deadline=None)
@given(people, st.floats(0.2, 2))
def test_every_face_is_in_exactly_one_cluster_and_the_first_of_each_comes_in_order(
    seen: list[tuple[int, int]], threshold: float
) -> None:
    faces = [face(frame, person, noise=0.1) for frame, person in seen]
    clusters = cluster_faces(faces, threshold)
    assert sorted(id(f) for cluster in clusters for f in cluster) == sorted(map(id, faces))
    firsts = [faces.index(cluster[0]) for cluster in clusters]
    assert firsts == sorted(firsts)
    assert all(clusters)


@settings(deadline=None)
@given(people)
def test_people_who_are_far_apart_never_share_a_cluster(seen: list[tuple[int, int]]) -> None:
    faces = [face(frame, person) for frame, person in seen]
    clusters = cluster_faces(faces, 0.6)
    directions = [{int(np.argmax(f.vector[:512])) for f in cluster} for cluster in clusters]
    assert all(len(found) == 1 for found in directions)
    assert len(clusters) == len({person for _, person in seen})


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=20))
def test_merging_leaves_no_performer_the_best_of_two_clusters_and_loses_no_face(
    bests: list[str | None],
) -> None:
    named = dict(enumerate(bests))
    clusters: list[Cluster] = [(face(i, i % 7),) for i in range(len(bests))]
    merged = merge_same_performer(clusters, lambda cluster: named[cluster[0].frame])
    kept = [named[cluster[0].frame] for cluster in merged]
    known = [best for best in kept if best is not None]
    assert len(known) == len(set(known))
    assert kept.count(None) == bests.count(None)
    assert sorted(f.frame for cluster in merged for f in cluster) == list(range(len(bests)))


def test_merging_goes_on_when_a_merged_cluster_has_another_best() -> None:
    clusters: list[Cluster] = [(face(i, i),) for i in range(3)]

    def best(cluster: Cluster) -> str:
        return "b" if len(cluster) > 1 or cluster[0].frame == 2 else "a"

    assert [len(cluster) for cluster in merge_same_performer(clusters, best)] == [3]
