"""What an earlier sidecar has kept is listed unchanged over HTTP, whatever its schema."""

from __future__ import annotations

import base64
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.library.old_files import SCHEMAS, rows_of, value_of, write_old_file
from tests.recommendations.conftest import NewApi
from tests.recommendations.support import double_scenes, run_to_its_end
from tests.support.stash_server import StashBoxSetting, StashPerformer, StashScene, StashServer
from tests.support.stashbox_server import BoxRecord, stashbox_running

BOX = "https://stashdb.org/graphql"


@pytest.fixture(params=SCHEMAS)
def schema(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture
def file(tmp_path: Path, schema: int) -> Path:
    return write_old_file(tmp_path / "stash_sense.db", schema)


@pytest.fixture
def oldest(tmp_path: Path) -> Path:
    return write_old_file(tmp_path / "stash_sense.db", SCHEMAS[0])


@pytest.fixture
def before(file: Path) -> dict[str, list[dict[str, Any]]]:
    return rows_of(file)


def test_everything_in_it_is_listed_unchanged(
    file: Path, schema: int, before: dict[str, list[dict[str, Any]]], new_api: NewApi
) -> None:
    api = new_api()
    _recommendations_are_listed(api, before["recommendations"])
    _runs_are_listed(api, before["analysis_runs"])
    status = api.get("/recommendations/fingerprints/status").json()
    assert (status["total_fingerprints"], status["complete_fingerprints"]) == (2, 1)
    assert status["error_fingerprints"] == 1
    types = {
        one["type"]: one["enabled"] for one in api.get("/recommendations/analysis/types").json()["types"]
    }
    assert types["duplicate_performer"] is False
    assert types["duplicate_scenes"] is True
    encoded = base64.b64encode(BOX.encode()).decode()
    fields = api.get(f"/recommendations/upstream/field-config/{encoded}").json()["fields"]
    assert [name for name, field in fields.items() if not field["enabled"]] == (
        ["height"] if schema >= 4 else []
    )
    settings = api.get("/recommendations/settings").json()["settings"]
    assert settings == (
        {"normalize_enum_display": False, "page_size": 50}
        if schema >= 5
        else {"normalize_enum_display": True}
    )
    after = rows_of(file)
    for table, rows in before.items():
        assert [{name: row[name] for name in rows[0]} for row in after[table]] == rows, table


def _recommendations_are_listed(api: httpx.Client, rows: list[dict[str, Any]]) -> None:
    listed = {one["id"]: one for one in api.get("/recommendations").json()["recommendations"]}
    assert len(listed) == len(rows)
    for row in rows:
        one = listed[row["id"]]
        assert one["details"] == json.loads(row["details"])
        for name in ("type", "status", "target_type", "target_id", "confidence", "created_at", "updated_at"):
            assert one[name] == row[name]
    for status in ("pending", "dismissed", "resolved"):
        ids = {row["id"] for row in rows if row["status"] == status}
        assert ids
        found = api.get("/recommendations", params={"status": status}).json()["recommendations"]
        assert {one["id"] for one in found} == ids


def _runs_are_listed(api: httpx.Client, rows: list[dict[str, Any]]) -> None:
    listed = {one["id"]: one for one in api.get("/recommendations/analysis/runs").json()}
    assert len(listed) == len(rows)
    for row in rows:
        answered = listed[row["id"]]
        assert answered == {name: row[name] for name in answered}


def test_what_was_dismissed_before_is_not_recommended_again(
    file: Path, stash: StashServer, new_api: NewApi
) -> None:
    # Dismissed: performer 44, and scene 302; the latter has a recommendation that says so.
    stash.performers = {number: StashPerformer("Ann", stash_ids=[(BOX, "a")]) for number in ("44", "45")}
    double_scenes(stash, "302", "303")
    api = new_api(stash_url=stash.url)
    for analysis in ("duplicate_performer", "duplicate_scene_files"):
        assert run_to_its_end(api, analysis)["status"] == "completed"
    listed = api.get("/recommendations").json()["recommendations"]
    by_target = {(one["type"], one["target_id"]): one["status"] for one in listed}
    assert ("duplicate_performer", "44") not in by_target
    assert by_target["duplicate_scene_files", "302"] == "dismissed"
    assert by_target["duplicate_scene_files", "303"] == "pending"


def test_every_analysis_runs_to_its_end_on_it(
    file: Path, schema: int, stash: StashServer, new_api: NewApi
) -> None:
    known = "50459d16-787c-47c9-8ce9-a4cac9404324"
    with stashbox_running() as box:
        stash.stash_boxes = [StashBoxSetting(box.endpoint, "Box", box.api_key)]
        box.performers[known] = BoxRecord("Ann", country="AT")
        for number in ("17", "18"):
            stash.performers[number] = StashPerformer("Ann", stash_ids=[(box.endpoint, known)])
        double_scenes(stash, "301", "302")
        stash.scenes["303"] = StashScene("Scene 303")
        api = new_api(stash_url=stash.url)
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(_THE_SAME_PEOPLE_IN_303)
        types = [one["type"] for one in api.get("/recommendations/analysis/types").json()["types"]]
        runs = {one: run_to_its_end(api, one) for one in types}
    assert len(runs) == 4
    ended = {one: (run["status"], run["error_message"]) for one, run in runs.items()}
    assert ended == dict.fromkeys(types, ("completed", None))
    listed = api.get("/recommendations", params={"status": "pending"}).json()["recommendations"]
    assert {(one["type"], one["target_id"]) for one in listed} == {
        ("duplicate_performer", "17"),
        ("duplicate_scene_files", "301"),
        ("duplicate_scenes", "301"),
        ("upstream_performer_changes", "17"),
        ("upstream_performer_changes", "18"),
    }


_THE_SAME_PEOPLE_IN_303 = """
INSERT INTO scene_fingerprints (stash_scene_id, total_faces, frames_analyzed, fingerprint_status)
    VALUES (303, 5, 60, 'complete');
INSERT INTO scene_fingerprint_faces (fingerprint_id, performer_id, face_count, proportion)
    SELECT id, '50459d16-787c-47c9-8ce9-a4cac9404324', 5, 1.0
    FROM scene_fingerprints WHERE stash_scene_id = 303;
"""


def test_what_it_recommended_is_brought_up_to_date_and_not_doubled(
    oldest: Path, stash: StashServer, new_api: NewApi
) -> None:
    stash.performers = {number: StashPerformer("Ann", stash_ids=[(BOX, "a")]) for number in ("17", "18")}
    api = new_api(stash_url=stash.url)
    run_to_its_end(api, "duplicate_performer")
    (one,) = api.get("/recommendations", params={"type": "duplicate_performer"}).json()["recommendations"]
    assert (one["id"], one["target_id"], one["status"]) == (4, "17", "pending")
    assert one["details"]["stash_id"] == "a"
    assert one["created_at"] == "2025-11-02 08:00:00"


def test_it_can_be_decided_about(oldest: Path, new_api: NewApi) -> None:
    api = new_api()
    assert api.post("/recommendations/4/dismiss", json={"reason": "no"}).status_code == 200
    assert value_of(oldest, "SELECT reason FROM dismissed_targets WHERE target_id = '17'") == "no"
    assert api.post("/recommendations/9/resolve", json={"action": "again"}).status_code == 200


def test_a_run_that_it_left_running_is_failed(oldest: Path, new_api: NewApi) -> None:
    with closing(sqlite3.connect(oldest)) as connection:
        connection.execute("INSERT INTO analysis_runs (type, status) VALUES ('duplicate_scenes', 'running')")
        connection.commit()
    runs = new_api().get("/recommendations/analysis/runs", params={"type": "duplicate_scenes"}).json()
    (run,) = runs
    assert run["status"] == "failed"
    assert "interrupted" in run["error_message"]
