from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_sense.recognition.fusion import Candidate
from stash_sense.recognition.ranking import rank


def candidate(name: str, distance: float) -> Candidate:
    return Candidate(name, distance, distance, distance)


def test_a_weight_moves_a_nearer_candidate_below_a_farther_one() -> None:
    found = rank([candidate("near", 0.3), candidate("far", 0.4)], {"near": 0.85})
    assert [r.candidate.universal_id for r in found] == ["far", "near"]
    assert found[1].similarity == pytest.approx(0.85 / 1.3)


def test_a_weight_does_not_change_the_distance() -> None:
    assert rank([candidate("a", 0.3)], {"a": 0.3})[0].candidate.distance == 0.3


candidates = st.lists(
    st.builds(candidate, st.sampled_from("abcdefgh"), st.floats(0, 2)),
    unique_by=lambda c: c.universal_id,
)
weights = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.3, 1.2))


@given(candidates, weights)
def test_the_order_is_by_weighed_similarity_and_nobody_is_lost(
    given_: list[Candidate], said: dict[str, float]
) -> None:
    found = rank(given_, said)
    assert sorted(r.candidate.universal_id for r in found) == sorted(c.universal_id for c in given_)
    similarities = [said.get(r.candidate.universal_id, 1) / (1 + r.candidate.distance) for r in found]
    assert similarities == sorted(similarities, reverse=True)


@given(candidates, st.floats(0.3, 1.2))
def test_one_weight_for_all_leaves_the_order_by_distance(given_: list[Candidate], weight: float) -> None:
    found = rank(given_, dict.fromkeys("abcdefgh", weight))
    distances = [r.candidate.distance for r in found]
    assert distances == sorted(distances)
