"""The search by keys gives what comparing all pairs gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings

from stash_sense.analyses.duplicate_scenes.facts import SceneFacts
from stash_sense.analyses.duplicate_scenes.partners import PartnerSearch
from stash_sense.analyses.duplicate_scenes.scoring import THRESHOLD, face_score, metadata_score, score
from stash_sense.analyses.duplicate_scenes.table import SceneTable, TableBuilder
from tests.analyses.duplicate_scenes.scenes import FACTS, LIBRARIES

Partners = dict[int, tuple[int, float]]


def table_of(scenes: Sequence[SceneFacts]) -> SceneTable:
    builder = TableBuilder()
    for scene in scenes:
        builder.add(scene)
    return builder.build()


def by_keys(scenes: Sequence[SceneFacts], rows_at_once: int = 4096) -> Partners:
    table = table_of(scenes)
    search = PartnerSearch(table, rows_at_once=rows_at_once)
    found = (search.best(int(row)) for row in search.order)
    ids = table.ids.tolist()
    return {ids[pair.row]: (ids[pair.other], pair.score) for pair in found if pair is not None}


def by_all_pairs(scenes: Sequence[SceneFacts]) -> Partners:
    """The definition: every pair is scored; the best later scene counts, of equals the lowest id."""
    best: Partners = {}
    for one, other in combinations(sorted(scenes, key=lambda scene: scene.scene_id), 2):
        points = score(one, other)
        if points >= THRESHOLD and points > best.get(one.scene_id, (0, 0.0))[1]:
            best[one.scene_id] = (other.scene_id, points)
    return best


@given(LIBRARIES)
@settings(max_examples=100, deadline=None)
def test_the_search_by_keys_finds_what_comparing_all_pairs_finds(scenes: list[SceneFacts]) -> None:
    assert by_keys(scenes) == by_all_pairs(scenes)


@given(FACTS, FACTS)
@settings(max_examples=300, deadline=None)
def test_no_pair_that_shares_no_key_reaches_the_threshold(one: SceneFacts, other: SceneFacts) -> None:
    if one.stash_ids & other.stash_ids or score(one, other) < THRESHOLD:
        return
    assert face_score(one, other) >= 33.33 or metadata_score(one, other) > 40


def crowd(count: int, seed: int) -> list[SceneFacts]:
    """One performer's scenes: many studios, dates and durations, and some that are there twice."""
    random = np.random.default_rng(seed)
    scenes = [
        SceneFacts(
            scene_id=number + 1,
            studio_id=int(random.integers(1, 4)) if random.random() < 0.5 else None,
            performer_ids=frozenset(random.integers(1, 4, size=int(random.integers(0, 3))).tolist()),
            date=738_000 + int(random.integers(0, 60)) if random.random() < 0.5 else None,
            duration=float(random.uniform(300, 900)) if random.random() < 0.5 else None,
            shares={"hub": int(random.integers(0, 1_000_001))}
            | ({"guest": int(random.integers(0, 1_000_001))} if random.random() < 0.5 else {}),
        )
        for number in range(count)
    ]
    twins = [replace(scene, scene_id=count + 1 + scene.scene_id) for scene in scenes[::5]]
    return [*scenes, *twins]


@pytest.mark.parametrize("rows_at_once", [2, 4096])
def test_one_performer_in_every_scene_changes_no_result(rows_at_once: int) -> None:
    scenes = crowd(120, seed=3)
    expected = by_all_pairs(scenes)
    assert by_keys(scenes, rows_at_once) == expected
    # Not trivially: some end early, some are only just worth it.
    assert any(points == 95 for _, points in expected.values())
    assert any(points < 80 for _, points in expected.values())


@given(LIBRARIES)
@settings(max_examples=25, deadline=None)
def test_the_table_keeps_what_is_compared(scenes: list[SceneFacts]) -> None:
    table = table_of(scenes)
    ordered = sorted(scenes, key=lambda scene: scene.scene_id)
    assert [table.facts(row) for row in range(len(table))] == ordered


def test_a_library_without_scenes_has_no_partners() -> None:
    assert by_keys([]) == {}
