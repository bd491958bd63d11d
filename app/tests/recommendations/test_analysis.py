"""Analyses over HTTP: which there are, begun, followed."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from tests.library.old_files import write_old_file
from tests.recommendations.conftest import NewApi
from tests.recommendations.support import double_scenes, run_to_its_end
from tests.support.gate import Faults
from tests.support.stash_server import StashServer

FOUR = ["duplicate_performer", "duplicate_scene_files", "duplicate_scenes", "upstream_performer_changes"]


def test_the_four_analyses_are_listed_with_a_sentence_each(api: httpx.Client) -> None:
    types = api.get("/recommendations/analysis/types").json()["types"]
    assert [one["type"] for one in types] == FOUR
    assert all(one["enabled"] is True and len(one["description"]) > 20 for one in types)


def test_one_that_the_user_has_switched_off_says_so(tmp_path: Path, new_api: NewApi) -> None:
    write_old_file(tmp_path / "stash_sense.db", 6)
    types = new_api().get("/recommendations/analysis/types").json()["types"]
    assert [one["type"] for one in types if not one["enabled"]] == ["duplicate_performer"]


def test_a_run_is_begun_followed_and_listed(api: httpx.Client, stash: StashServer) -> None:
    double_scenes(stash, "1", "2")
    answer = api.post("/recommendations/analysis/duplicate_scene_files/run", params={"full": "true"}).json()
    assert f"run {answer['run_id']}" in answer["message"]
    run = run_to_its_end(api)
    assert run | {"id": None, "started_at": None, "completed_at": None} == {
        "id": None,
        "type": "duplicate_scene_files",
        "status": "completed",
        "started_at": None,
        "completed_at": None,
        "items_total": 2,
        "items_processed": 2,
        "recommendations_created": run["recommendations_created"],
        "error_message": None,
    }
    listed = api.get("/recommendations/analysis/runs").json()
    assert isinstance(listed, list)
    assert listed[0] == run
    assert sum(one["recommendations_created"] for one in listed) == 2


@pytest.mark.parametrize("analysis", FOUR)
def test_every_analysis_comes_to_an_end_on_an_empty_stash(api: httpx.Client, analysis: str) -> None:
    run = run_to_its_end(api, analysis)
    assert (run["status"], run["error_message"]) == ("completed", None)


def test_runs_can_be_filtered_and_limited(api: httpx.Client) -> None:
    for analysis in ("duplicate_performer", "duplicate_scene_files", "duplicate_performer"):
        run_to_its_end(api, analysis)
    ids = [run["id"] for run in api.get("/recommendations/analysis/runs").json()]
    assert ids == sorted(ids, reverse=True)
    of_one = api.get("/recommendations/analysis/runs", params={"type": "duplicate_performer"}).json()
    assert [run["id"] for run in of_one] == [ids[0], ids[2]]
    assert [run["id"] for run in api.get("/recommendations/analysis/runs", params={"limit": 1}).json()] == [
        ids[0]
    ]


@pytest.mark.parametrize(("limit", "listed"), [(0, 1), (-1, 1), (1001, 2)])
def test_a_limit_of_runs_beyond_its_range_counts_as_the_nearest(
    api: httpx.Client, limit: int, listed: int
) -> None:
    for analysis in ("duplicate_performer", "duplicate_scene_files"):
        run_to_its_end(api, analysis)
    answer = api.get("/recommendations/analysis/runs", params={"limit": limit})
    assert (answer.status_code, len(answer.json())) == (200, listed)


def test_one_that_runs_is_not_begun_twice_and_says_what_it_waits_for(
    api: httpx.Client, stash: StashServer
) -> None:
    stash.faults = Faults(status=502)
    first = api.post("/recommendations/analysis/duplicate_performer/run").json()
    second = api.post("/recommendations/analysis/duplicate_performer/run").json()
    assert second["run_id"] == first["run_id"]
    assert "running already" in second["message"]
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        run = api.get(f"/recommendations/analysis/runs/{first['run_id']}").json()
        if run["error_message"]:
            break
        time.sleep(0.02)
    assert run["status"] == "running"
    assert "HTTP 502" in run["error_message"]


def test_an_unknown_analysis_is_a_400_that_names_the_known_ones(api: httpx.Client) -> None:
    answer = api.post("/recommendations/analysis/astrology/run")
    assert answer.status_code == 400
    assert "'astrology'" in answer.json()["detail"]
    assert all(analysis in answer.json()["detail"] for analysis in FOUR)


def test_without_a_stash_an_analysis_is_a_503(new_api: NewApi) -> None:
    answer = new_api().post("/recommendations/analysis/duplicate_performer/run")
    assert answer.status_code == 503
    assert "set STASH_URL" in answer.json()["detail"]


@pytest.mark.parametrize("number", ["99", "0", "99999999999999999999"])
def test_a_run_that_is_not_there_is_a_404(api: httpx.Client, number: str) -> None:
    answer = api.get(f"/recommendations/analysis/runs/{number}")
    assert answer.status_code == 404
    assert number in answer.json()["detail"]
