"""The contract's third table: analyses, what they recommend, and whether Stash is there."""

from __future__ import annotations

import pytest

from tests.contract.analyses import completed_run, ended, pending
from tests.contract.plugin import Plugin
from tests.contract.recommendation_shapes import DETAILS, RUN, STARTED, STASH_STATUS, TYPES
from tests.contract.rows import shows
from tests.contract.shapes import check
from tests.contract.world import API_KEY, DUPLICATE_SCENES, TWO_FILES_SCENE
from tests.support.stash_server import StashServer

ANALYSES = set(DETAILS)


@shows("GET /recommendations/analysis/types")
def test_the_four_analyses_are_listed(plugin: Plugin) -> None:
    answer = plugin.get("/recommendations/analysis/types")
    check(answer, TYPES)
    assert {known["type"] for known in answer["types"]} == ANALYSES
    assert all(known["description"] for known in answer["types"])


@shows("POST /recommendations/analysis/{type}/run", "GET /recommendations/analysis/runs/{id}")
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("kind", sorted(ANALYSES))
def test_each_analysis_runs_to_its_end(plugin: Plugin, kind: str, *, full: bool) -> None:
    run = completed_run(plugin, kind, full=full)
    assert run["type"] == kind
    assert run["completed_at"] >= run["started_at"]
    assert run["error_message"] is None


@shows("POST /recommendations/analysis/{type}/run")
def test_scenes_with_two_files_are_recommended_with_the_best_first(plugin: Plugin) -> None:
    completed_run(plugin, "duplicate_scene_files", full=True)
    (known,) = (
        known for known in pending(plugin, "duplicate_scene_files") if known["target_id"] == TWO_FILES_SCENE
    )
    details = known["details"]
    check(details, DETAILS["duplicate_scene_files"])
    assert (known["target_type"], known["confidence"]) == ("scene", 1)
    best, other = details["files"]
    # One point per 10,000 pixels, one per Mbit/s, 100 for HEVC, 50 for H.264.
    assert best["quality_score"] == pytest.approx(1920 * 1080 / 10_000 + 8 + 100)
    assert other["quality_score"] == pytest.approx(1280 * 720 / 10_000 + 4 + 50)
    assert [file["is_suggested_keeper"] for file in (best, other)] == [True, False]
    assert details["suggested_keeper_id"] == best["id"]
    assert best["resolution"] == "1920x1080"
    assert details["total_size"] == best["size"] + other["size"]
    assert details["potential_savings"] == other["size"]
    assert [performer["name"] for performer in details["performers"]] == ["Somebody"]


@shows("POST /recommendations/analysis/{type}/run")
def test_scenes_of_one_stash_box_id_are_recommended_with_certainty(plugin: Plugin) -> None:
    completed_run(plugin, "duplicate_scenes", full=True)
    first, second = DUPLICATE_SCENES
    (known,) = (known for known in pending(plugin, "duplicate_scenes") if known["target_id"] == first)
    details = known["details"]
    check(details, DETAILS["duplicate_scenes"])
    assert (details["scene_b_id"], details["confidence"]) == (second, 100)
    assert details["signal_breakdown"]["stashbox_match"] is True
    assert details["reasoning"]


@shows("POST /recommendations/analysis/{type}/run")
def test_an_unknown_analysis_is_a_400_and_no_stash_a_503(plugin: Plugin, without_stash: Plugin) -> None:
    assert plugin.refusal("POST", "/recommendations/analysis/magic/run").status == 400
    assert without_stash.refusal("POST", "/recommendations/analysis/duplicate_performer/run").status == 503


@shows("POST /recommendations/analysis/{type}/run")
def test_an_analysis_runs_in_the_background(plugin: Plugin, stash: StashServer) -> None:
    stash.faults.slow_seconds, stash.faults.operations = 1, {"FindPerformers"}
    started = plugin.post("/recommendations/analysis/duplicate_performer/run")
    check(started, STARTED)
    path = f"/recommendations/analysis/runs/{started['run_id']}"
    assert plugin.get(path)["status"] == "running"
    # One of a kind at a time: the second is the first.
    again = plugin.post("/recommendations/analysis/duplicate_performer/run")
    assert again["run_id"] == started["run_id"]
    assert ended(plugin, path, "running")["status"] == "completed"


@shows("GET /recommendations/analysis/runs")
def test_the_runs_are_a_bare_list_newest_first(plugin: Plugin) -> None:
    for kind in ("duplicate_performer", "duplicate_scene_files", "duplicate_performer"):
        completed_run(plugin, kind)
    runs = plugin.get("/recommendations/analysis/runs")
    check(runs, [RUN])
    ids = [run["id"] for run in runs]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) <= 20
    some = plugin.get("/recommendations/analysis/runs", type="duplicate_performer", limit=2)
    assert [run["type"] for run in some] == ["duplicate_performer"] * 2


@shows("GET /recommendations/analysis/runs/{id}")
def test_a_run_that_there_is_not_is_a_404(plugin: Plugin) -> None:
    assert plugin.refusal("GET", "/recommendations/analysis/runs/2000000").status == 404


@shows("GET /recommendations/stash/status")
def test_whether_stash_is_there_is_always_a_200(
    plugin: Plugin, without_stash: Plugin, stash: StashServer
) -> None:
    there = plugin.get("/recommendations/stash/status")
    check(there, STASH_STATUS)
    assert (there["connected"], there["url"], there["error"]) == (True, stash.url, None)
    stash.faults.status = 500
    gone = plugin.get("/recommendations/stash/status")
    check(gone, STASH_STATUS)
    assert gone["connected"] is False
    assert "HTTP 500" in gone["error"]
    assert API_KEY not in str(gone)
    none = without_stash.get("/recommendations/stash/status")
    check(none, STASH_STATUS)
    assert none["connected"] is False
    assert "STASH_URL" in none["error"]
