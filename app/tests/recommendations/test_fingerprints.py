"""Fingerprints over HTTP where no film is looked at: counted, marked to be made anew, refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.library.old_files import rows_of, write_old_file
from tests.recommendations.conftest import NewApi

FINGERPRINTS = "/recommendations/fingerprints"
NOTHING = {
    "total_fingerprints": 0,
    "complete_fingerprints": 0,
    "pending_fingerprints": 0,
    "error_fingerprints": 0,
    "current_db_version": None,
    "current_version_count": 0,
    "needs_refresh_count": 0,
    "generation_running": False,
    "generation_progress": None,
}


def test_a_new_database_has_no_fingerprints(api: httpx.Client) -> None:
    assert api.get(f"{FINGERPRINTS}/status").json() == NOTHING


def test_before_the_first_generation_there_is_nothing_to_follow_or_to_stop(api: httpx.Client) -> None:
    progress = api.get(f"{FINGERPRINTS}/progress").json()
    assert progress["status"] == "idle"
    assert progress["message"]
    answer = api.post(f"{FINGERPRINTS}/stop", json={})
    assert answer.status_code == 404
    assert "nothing to stop" in answer.json()["detail"]


def test_without_a_database_none_can_be_made(api: httpx.Client) -> None:
    answer = api.post(f"{FINGERPRINTS}/generate", json={})
    assert answer.status_code == 503
    assert "no database is loaded" in answer.json()["detail"]


def test_without_a_stash_none_can_be_made(new_api: NewApi) -> None:
    answer = new_api().post(f"{FINGERPRINTS}/generate")
    assert answer.status_code == 400
    assert "set STASH_URL" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("knob", "value"), [("num_frames", 4), ("min_face_size", 201), ("max_distance", 2.1), ("num_frames", "x")]
)
def test_a_knob_beyond_its_range_is_told_what_is_allowed(api: httpx.Client, knob: str, value: Any) -> None:
    answer = api.post(f"{FINGERPRINTS}/generate", json={knob: value})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", knob]


def test_scenes_are_marked_to_be_made_anew_and_keep_what_is_known_until_then(
    tmp_path: Path, new_api: NewApi
) -> None:
    file = write_old_file(tmp_path / "stash_sense.db", 6)
    api = new_api()
    answer = api.post(f"{FINGERPRINTS}/refresh", json=["301", "999"])
    assert answer.json() == {"marked_for_refresh": 1, "scene_ids": ["301", "999"]}
    assert api.get(f"{FINGERPRINTS}/status").json() == NOTHING | {
        "total_fingerprints": 2,
        "pending_fingerprints": 1,
        "error_fingerprints": 1,
    }
    assert len(rows_of(file)["scene_fingerprint_faces"]) == 1


def test_all_are_marked_only_when_it_is_confirmed(tmp_path: Path, new_api: NewApi) -> None:
    write_old_file(tmp_path / "stash_sense.db", 6)
    api = new_api()
    for query in ("", "?confirm=false", "?confirm=maybe", "?confirm="):
        refused = api.post(f"{FINGERPRINTS}/refresh-all{query}")
        assert refused.status_code == 400
        assert "confirm=true" in refused.json()["detail"]
    assert api.get(f"{FINGERPRINTS}/status").json()["pending_fingerprints"] == 0
    answer = api.post(f"{FINGERPRINTS}/refresh-all?confirm=true").json()
    assert answer["marked_for_refresh"] == 2
    assert answer["message"]
    assert api.get(f"{FINGERPRINTS}/status").json()["pending_fingerprints"] == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"json": {}},
        {"json": []},
        {"json": "7"},
        {"json": ["x"]},
        {"json": [True]},
        {"content": b"[12,", "headers": {"Content-Type": "application/json"}},
        {"content": b"\xff", "headers": {"Content-Type": "application/json"}},
        {"content": b"[" * 200_000, "headers": {"Content-Type": "application/json"}},
        {"content": b"12", "headers": {"Content-Type": "text/plain"}},
    ],
)
def test_what_is_not_a_list_of_scene_ids_is_a_400(api: httpx.Client, body: dict[str, Any]) -> None:
    answer = api.post(f"{FINGERPRINTS}/refresh", **body)
    assert answer.status_code == 400
    assert "list of scene ids" in answer.json()["detail"]


def test_the_list_of_scene_ids_is_documented(api: httpx.Client) -> None:
    path = api.get("/openapi.json").json()["paths"][f"{FINGERPRINTS}/refresh"]["post"]
    content = path["requestBody"]["content"]["application/json"]
    assert (content["schema"]["type"], content["schema"]["items"]) == ("array", {"type": "string"})
    assert api.post(f"{FINGERPRINTS}/refresh", json=content["example"]).status_code == 200
