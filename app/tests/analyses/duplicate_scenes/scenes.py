"""Small libraries of scenes that have much in common, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from stash_sense.analyses.duplicate_scenes.facts import WHOLE, SceneFacts

# Few of everything, and values on both sides of each border.
_DAYS = st.sampled_from([None, 738_000, 738_001, 738_007, 738_008, 738_100])
_SECONDS = st.sampled_from([None, 600.0, 605.0, 605.001, 630.0, 630.001, 1200.0])
_SHARES = st.one_of(
    st.sampled_from([0, 1, 250_000, 303_921, 303_922, 500_000, WHOLE]),
    st.integers(0, WHOLE),
)
_STASH_IDS = st.tuples(st.sampled_from(["https://a/graphql", "https://b/graphql"]), st.sampled_from("xyz"))

FACTS = st.builds(
    SceneFacts,
    scene_id=st.integers(1, 10_000),
    stash_ids=st.frozensets(_STASH_IDS, max_size=1) | st.just(frozenset()),
    studio_id=st.sampled_from([None, 1, 2]),
    performer_ids=st.frozensets(st.integers(1, 5), max_size=5),
    date=_DAYS,
    duration=_SECONDS,
    shares=st.dictionaries(st.sampled_from("pqrstuvw"), _SHARES, max_size=4),
)

LIBRARIES = st.lists(FACTS, max_size=40, unique_by=lambda scene: scene.scene_id)
