from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stash_sense.recognition.fusion import Candidate
from stash_sense.recognition.scene.faces import SceneFace
from stash_sense.recognition.scene.modes import MatchingMode, MatchingRules, find_persons
from stash_sense.recognition.scene.rankings import frequency_score
from stash_sense.recognition.scene.tally import tallies
from tests.recognition.scene.people import face, looks_like

FREQUENCY = MatchingRules(MatchingMode.FREQUENCY)
CLUSTER = MatchingRules(MatchingMode.CLUSTER)
HYBRID = MatchingRules(MatchingMode.HYBRID)


def best_of(faces: list[SceneFace], rules: MatchingRules) -> list[tuple[str | None, float | None, int]]:
    """Name and distance of the best match, and the number of frames, of each person."""
    return [
        (p.best and p.best.universal_id, p.best and p.best.distance, len(p.frames))
        for p in find_persons(faces, rules)
    ]


def test_a_score_grows_with_the_nearest_face_and_with_distinct_frames() -> None:
    faces = [face(0, 1, looks_like(a=0.2)), face(0, 1, looks_like(a=0.4)), face(3, 1, looks_like(a=0.3))]
    (tally,) = tallies(faces)
    assert frequency_score(tally, ()) == pytest.approx((1 - 0.2) * (1 + 0.1 * 1))
    assert frequency_score(tally, {"a"}) == pytest.approx((1 - 0.2) * 1.1 + 0.03)
    assert tally.mean == Candidate("a", pytest.approx(0.3), pytest.approx(0.29), pytest.approx(0.31))


def test_frequency_reports_the_mean_distance_of_one_person_per_cluster() -> None:
    faces = [
        face(0, 1, looks_like(a=0.1)),
        face(1, 1, looks_like(a=0.3)),
        face(1, 2, looks_like(b=0.2)),
        face(2, 3),
    ]
    assert best_of(faces, FREQUENCY) == [("a", pytest.approx(0.2), 2), ("b", 0.2, 1), (None, None, 1)]


def test_a_performer_seen_in_many_frames_beats_one_that_is_near_once() -> None:
    faces = [face(i, 1, looks_like(a=0.35)) for i in range(4)] + [face(4, 1, looks_like(a=0.4, b=0.2))]
    (person,) = find_persons(faces, FREQUENCY)
    assert [c.universal_id for c in person.matches] == ["a", "b"]


def test_being_tagged_decides_between_equals() -> None:
    faces = [face(i, 1, looks_like(a=0.30, b=0.31)) for i in range(3)]
    assert best_of(faces, FREQUENCY)[0][0] == "a"
    assert best_of(faces, replace(FREQUENCY, tagged={"b"}))[0][0] == "b"


def test_frequency_drops_performers_of_little_confidence() -> None:
    faces = [face(0, 1, looks_like(a=0.64, b=0.66))]
    (person,) = find_persons(faces, replace(FREQUENCY, max_distance=1))
    assert [c.universal_id for c in person.matches] == ["a"]


def test_clusters_of_one_performer_are_one_person() -> None:
    faces = [face(0, 1, looks_like(a=0.2)), face(1, 2, looks_like(a=0.3)), face(1, 3, looks_like(b=0.1))]
    for rules in (FREQUENCY, CLUSTER):
        assert [(name, frames) for name, _, frames in best_of(faces, rules)] == [("a", 2), ("b", 1)]


def test_cluster_divides_the_mean_by_the_root_of_the_share_that_matched() -> None:
    faces = [face(0, 1, looks_like(a=0.2)), face(1, 1, looks_like(a=0.3)), face(2, 1), face(3, 1)]
    ((name, distance, _),) = best_of(faces, CLUSTER)
    assert (name, distance) == ("a", pytest.approx(0.25 / math.sqrt(0.5)))


def test_cluster_takes_a_performer_that_few_faces_resemble_for_nobody() -> None:
    faces = [face(0, 1, looks_like(a=0.3)), *(face(i, 1) for i in range(1, 9))]
    assert best_of(faces, CLUSTER) == [(None, None, 9)]
    assert best_of(faces, FREQUENCY)[0][0] == "a"


def test_hybrid_is_surer_of_whom_both_ways_find() -> None:
    faces = [face(i, 1, looks_like(a=0.4)) for i in range(3)] + [face(7, 2, looks_like(b=0.3))]
    persons = find_persons(faces, HYBRID)
    found = {p.best.universal_id: p.best.distance for p in persons if p.best is not None}
    # b was seen once: its cluster alone speaks for it.
    assert found == {"a": pytest.approx(0.15), "b": pytest.approx(0.3)}


def test_faces_of_others_that_look_a_little_alike_take_nothing_from_whom_both_ways_find() -> None:
    faces = [face(i, 1, looks_like(p=0.05)) for i in range(2)]
    faces += [face(i, 2, looks_like(q=0.1, p=0.49)) for i in range(2, 10)]
    p, q = sorted(find_persons(faces, HYBRID), key=lambda person: person.face_count)
    assert [(m.universal_id, m.distance) for m in p.matches] == [("p", 0.0)]
    assert (len(p.frames), len(q.frames)) == (2, 8)


def test_whom_only_the_whole_scene_speaks_for_has_faces_that_are_counted_already() -> None:
    faces = [face(i, 1, looks_like(p=0.2, z=0.45)) for i in range(10)]
    assert [(p.matches[0].universal_id, p.counted_elsewhere) for p in find_persons(faces, HYBRID)] == [
        ("p", False),
        ("z", True),
    ]


def test_hybrid_tells_no_more_persons_than_the_clusters_allow_for() -> None:
    crowd = [face(i, n, looks_like(**{f"p{n}": 0.1 + n / 100})) for n in range(6) for i in range(2)]
    assert len(find_persons(crowd, HYBRID)) == 3
    assert len(find_persons(crowd, replace(HYBRID, top_k=1))) == 2
    assert len(find_persons(crowd, replace(HYBRID, top_k=10))) == 6
    alike = [face(i, 1, looks_like(a=0.2, b=0.3, c=0.4)) for i in range(4)]
    assert [name for name, _, _ in best_of(alike, HYBRID)] == ["a", "b"]


def test_a_person_has_no_more_matches_than_asked_for() -> None:
    faces = [face(0, 1, looks_like(a=0.1, b=0.2, c=0.3, d=0.4))]
    for rules in (FREQUENCY, CLUSTER):
        (person,) = find_persons(faces, replace(rules, top_k=2))
        assert [c.universal_id for c in person.matches] == ["a", "b"]


def test_nobody_is_nobody() -> None:
    assert all(find_persons([], rules) == [] for rules in (FREQUENCY, CLUSTER, HYBRID))


@st.composite
def scenes(draw: st.DrawFn) -> list[SceneFace]:
    names = st.dictionaries(st.sampled_from("abcd"), st.floats(0, 0.5), max_size=4)
    seen = draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4), names), max_size=25))
    return [face(frame, person, looks_like(**near)) for frame, person, near in seen]


@settings(deadline=None)
@given(scenes(), st.sampled_from(MatchingMode), st.integers(1, 10), st.floats(0.2, 2))
def test_whatever_the_faces_persons_come_in_the_promised_order_with_sound_figures(
    faces: list[SceneFace], mode: MatchingMode, top_k: int, threshold: float
) -> None:
    persons = find_persons(faces, MatchingRules(mode, top_k, 0.5, threshold))
    ranks = [(p.best is None, -len(p.frames)) for p in persons]
    assert ranks == sorted(ranks)
    bests = [p.best.universal_id for p in persons if p.best is not None]
    assert len(bests) == len(set(bests))
    for person in persons:
        assert len(person.matches) <= top_k
        assert 1 <= len(person.frames) <= person.face_count
        assert all(0 <= match.distance <= 0.5 + 1e-9 for match in person.matches)
        assert (person.mean_confidence is None) == (person.best is None)
    counted = sum(person.face_count for person in persons if not person.counted_elsewhere)
    # Hybrid may leave persons out.
    assert counted <= len(faces) if mode is MatchingMode.HYBRID else counted == len(faces)
