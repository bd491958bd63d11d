"""The contract's second table: scenes, in every mode."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.identification_shapes import MATCH, SCENE
from tests.contract.plugin import Plugin
from tests.contract.rows import shows
from tests.contract.shapes import check
from tests.contract.world import EMPTY_SCENE, LOST_SCENE, TWO_PEOPLE_SCENE
from tests.support.stash_server import StashServer, stash_running


def identified(plugin: Plugin, scene_id: str, **knobs: Any) -> dict[str, Any]:
    """The answer, after everything that holds for each."""
    answer: dict[str, Any] = plugin.post("/identify/scene", {"scene_id": scene_id, "num_frames": 8, **knobs})
    check(answer, SCENE)
    assert answer["scene_id"] == scene_id
    persons = answer["persons"]
    assert [person["person_id"] for person in persons] == list(range(len(persons)))
    unknown = [person["best_match"] is None for person in persons]
    assert unknown == sorted(unknown)
    for known in (True, False):
        counts = [person["frame_count"] for person in persons if (person["best_match"] is not None) is known]
        assert counts == sorted(counts, reverse=True)
    for person in persons:
        if person["best_match"] is not None:
            check(person["best_match"], MATCH)
            assert person["best_match"] == person["all_matches"][0]
    assert len(answer["errors"]) <= 5
    return answer


def names(answer: dict[str, Any]) -> set[str | None]:
    return {person["best_match"] and person["best_match"]["name"] for person in answer["persons"]}


@shows("POST /identify/scene")
@pytest.mark.parametrize("mode", ["frequency", "cluster", "hybrid"])
def test_the_people_of_a_scene_are_named_in_every_mode(plugin: Plugin, mode: str) -> None:
    answer = identified(plugin, TWO_PEOPLE_SCENE, matching_mode=mode)
    assert names(answer) == {"obama", "biden"}
    assert answer["frames_requested"] == 8
    # The cover is one more.
    assert answer["frames_analyzed"] == 9
    assert (answer["fingerprint_saved"], answer["fingerprint_error"]) == (True, None)


@shows("POST /identify/scene")
def test_who_is_tagged_already_is_told(plugin: Plugin) -> None:
    first = identified(plugin, TWO_PEOPLE_SCENE)["persons"][0]["best_match"]
    assert first["already_tagged"] is False
    tagged = identified(plugin, TWO_PEOPLE_SCENE, scene_performer_stashdb_ids=[first["stashdb_id"]])
    assert {
        person["best_match"]["name"]: person["best_match"]["already_tagged"] for person in tagged["persons"]
    } == {name: name == first["name"] for name in ("obama", "biden")}


@shows("POST /identify/scene")
def test_a_scene_of_nobody_is_answered_and_kept_as_analysed(plugin: Plugin) -> None:
    answer = identified(plugin, EMPTY_SCENE)
    assert (answer["persons"], answer["faces_detected"]) == ([], 0)
    assert answer["fingerprint_saved"] is True


@shows("POST /identify/scene")
def test_a_caller_cannot_point_the_key_elsewhere(plugin: Plugin) -> None:
    with stash_running() as elsewhere:
        knobs = {"stash_url": elsewhere.url, "api_key": "another", "num_frames": 5}
        assert names(identified(plugin, TWO_PEOPLE_SCENE, **knobs)) == {"obama", "biden"}
        assert elsewhere.requests == []


@shows("POST /identify/scene")
def test_a_film_that_breaks_half_way_gives_what_could_be_had(plugin: Plugin, stash: StashServer) -> None:
    stash.faults.path, stash.faults.status, stash.faults.skip = f"/scene/{TWO_PEOPLE_SCENE}/stream", 500, 2
    answer = identified(plugin, TWO_PEOPLE_SCENE)
    assert answer["errors"]
    assert answer["frames_analyzed"] >= 1


@shows("POST /identify/scene")
def test_a_film_whose_file_is_lost_is_an_entry_in_errors(plugin: Plugin) -> None:
    answer = identified(plugin, LOST_SCENE)
    assert (answer["persons"], answer["frames_analyzed"]) == ([], 0)
    assert "film" in answer["errors"][0]


@shows("POST /identify/scene")
def test_a_scene_that_stash_does_not_have_is_a_404(plugin: Plugin) -> None:
    assert plugin.refusal("POST", "/identify/scene", json={"scene_id": "4711"}).status == 404


@shows("POST /identify/scene")
@pytest.mark.parametrize(
    "knob",
    [
        {"num_frames": 4},
        {"num_frames": 121},
        {"start_offset_pct": 0.6},
        {"end_offset_pct": 0.4},
        {"min_face_size": 19},
        {"min_face_confidence": 0.05},
        {"top_k": 11},
        {"max_distance": 2.5},
        {"cluster_threshold": 0.1},
        {"matching_mode": "magic"},
        {"scene_id": None},
    ],
)
def test_a_scene_s_knob_beyond_its_range_is_a_422(plugin: Plugin, knob: dict[str, Any]) -> None:
    body = {"scene_id": TWO_PEOPLE_SCENE, **knob}
    assert plugin.refusal("POST", "/identify/scene", json=body).status == 422
