"""The contract's third table: scenes' fingerprints."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.analyses import ended
from tests.contract.plugin import Plugin
from tests.contract.recommendation_shapes import FINGERPRINTS, PROGRESS
from tests.contract.rows import shows
from tests.contract.shapes import check
from tests.contract.world import EMPTY_SCENE, TWO_PEOPLE_SCENE
from tests.support.stash_server import StashServer

PATH = "/recommendations/fingerprints"
KNOBS = {"refresh_outdated": True, "num_frames": 5, "min_face_size": 40, "max_distance": 0.5}


@pytest.fixture(autouse=True)
def _at_rest(plugin: Plugin, stash: StashServer) -> Iterator[None]:
    yield
    stash.faults = type(stash.faults)()
    if plugin.get(f"{PATH}/status")["generation_running"]:
        plugin.post(f"{PATH}/stop", {})
        ended(plugin, f"{PATH}/progress", "running", "stopping")


@shows("POST /recommendations/fingerprints/generate", "GET /recommendations/fingerprints/progress")
def test_fingerprints_are_generated_to_the_end_with_progress(plugin: Plugin, stash: StashServer) -> None:
    answer = plugin.post(f"{PATH}/generate", KNOBS)
    check(answer, {"status": str, "message": str, "config": dict})
    assert answer["status"] == "started"
    progress = ended(plugin, f"{PATH}/progress", "running", "stopping")
    check(progress, PROGRESS)
    assert progress["status"] == "completed", progress["error_message"]
    assert progress["processed_scenes"] == progress["total_scenes"]
    status = plugin.get(f"{PATH}/status")
    assert status["complete_fingerprints"] >= 2
    assert status["current_version_count"] >= 2


@shows("POST /recommendations/fingerprints/generate")
def test_a_generation_has_the_promised_defaults(plugin: Plugin) -> None:
    config = plugin.post(f"{PATH}/generate", {})["config"]
    assert config == config | {**KNOBS, "num_frames": 60}


@shows("GET /recommendations/fingerprints/status")
def test_the_status_counts_fingerprints(plugin: Plugin) -> None:
    plugin.post("/identify/scene", {"scene_id": EMPTY_SCENE, "num_frames": 5})
    status = plugin.get(f"{PATH}/status")
    check(status, FINGERPRINTS)
    assert status["total_fingerprints"] >= status["complete_fingerprints"] >= 1
    assert status["current_db_version"] == plugin.get("/database/info")["version"]
    assert status["generation_running"] is False


@shows(
    "POST /recommendations/fingerprints/generate",
    "POST /recommendations/fingerprints/stop",
    "GET /recommendations/fingerprints/progress",
)
def test_a_second_generation_is_a_409_and_the_first_can_be_stopped(
    plugin: Plugin, stash: StashServer
) -> None:
    plugin.post(f"{PATH}/refresh-all", confirm="true")
    stash.faults.slow_seconds, stash.faults.path = 0.5, "/scene/"
    plugin.post(f"{PATH}/generate", KNOBS)
    assert plugin.refusal("POST", f"{PATH}/generate", json=KNOBS).status == 409
    going = plugin.get(f"{PATH}/progress")
    check(going, PROGRESS)
    assert going["status"] == "running"
    status = plugin.get(f"{PATH}/status")
    check(status, FINGERPRINTS)
    assert status["generation_running"] is True
    stopped = plugin.post(f"{PATH}/stop", {})
    check(stopped, {"status": str, "message": str, "progress": dict})
    assert ended(plugin, f"{PATH}/progress", "running", "stopping")["status"] == "paused"


@shows("GET /recommendations/fingerprints/progress", "POST /recommendations/fingerprints/stop")
def test_before_the_first_generation_there_is_nothing_to_stop(without_database: Plugin) -> None:
    progress = without_database.get(f"{PATH}/progress")
    check(progress, {"status": {"idle"}, "message": str})
    assert without_database.refusal("POST", f"{PATH}/stop", json={}).status == 404


@shows("POST /recommendations/fingerprints/generate", "GET /recommendations/fingerprints/status")
def test_without_a_database_generation_is_a_503_and_the_status_a_200(without_database: Plugin) -> None:
    assert without_database.refusal("POST", f"{PATH}/generate", json=KNOBS).status == 503
    status = without_database.get(f"{PATH}/status")
    check(status, FINGERPRINTS)
    assert (status["total_fingerprints"], status["current_db_version"]) == (0, None)


@shows("POST /recommendations/fingerprints/refresh")
def test_scenes_are_marked_to_be_looked_at_again(plugin: Plugin) -> None:
    for scene_id in (EMPTY_SCENE, TWO_PEOPLE_SCENE):
        plugin.post("/identify/scene", {"scene_id": scene_id, "num_frames": 5})
    before = plugin.get(f"{PATH}/status")
    answer = plugin.post(f"{PATH}/refresh", [EMPTY_SCENE, "4711"])
    check(answer, {"marked_for_refresh": int, "scene_ids": [str]})
    assert answer["marked_for_refresh"] == 1
    after = plugin.get(f"{PATH}/status")
    assert after["pending_fingerprints"] == before["pending_fingerprints"] + 1
    assert after["complete_fingerprints"] == before["complete_fingerprints"] - 1


@shows("POST /recommendations/fingerprints/refresh")
@pytest.mark.parametrize("body", [None, {}, {"scene_ids": ["1"]}, []])
def test_without_a_list_of_scenes_nothing_is_marked(plugin: Plugin, body: object) -> None:
    assert plugin.refusal("POST", f"{PATH}/refresh", json=body).status == 400


@shows("POST /recommendations/fingerprints/refresh-all")
def test_all_scenes_are_marked_after_a_confirmation(plugin: Plugin) -> None:
    plugin.post("/identify/scene", {"scene_id": EMPTY_SCENE, "num_frames": 5})
    for params in ({}, {"confirm": "false"}):
        assert plugin.refusal("POST", f"{PATH}/refresh-all", params=params).status == 400
    answer = plugin.post(f"{PATH}/refresh-all", confirm="true")
    check(answer, {"marked_for_refresh": int, "message": str})
    assert answer["marked_for_refresh"] >= 1
    status = plugin.get(f"{PATH}/status")
    assert status["pending_fingerprints"] == status["total_fingerprints"]
