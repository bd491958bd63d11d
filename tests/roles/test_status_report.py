"""What a person is told about a host, from what was seen there."""

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.filters import load_filters

RECORD = {
    "id": "20261122T100000Z-abc",
    "kind": "deploy",
    "back_to": "",
    "who": "me@here",
    "deployed": {"image": "r:1-abc", "image_id": "sha256:aaaa", "data": "1.0-x"},
}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def seen(**other: Any) -> dict[str, Any]:
    answer = {
        "ready": True,
        "checks": [{"name": "gpu", "state": "ok", "reason": "every session runs on CUDA"}],
        "database": {"version": "1.0"},
    }
    container = {
        "state": "running",
        "since": "2026-11-22T10:00:00.1Z",
        "image_id": "sha256:aaaa",
        "port": "6960",
    }
    return {
        "engine": "20.10.24",
        "engine_error": "",
        "container": container,
        "ready": encoded(json.dumps(answer)),
        "current": "1.0-x",
        "data_releases": [],
        "data_bytes": 0,
        "database_bytes": 0,
        "disk_bytes": 2**31,
        "free_bytes": 2**30,
    } | other


@pytest.fixture
def told(repository: Path) -> Any:
    filters = load_filters(repository / "roles/status/filter_plugins/status_report.py")

    def told(records: list[dict[str, Any]] | None = None, lock: Any = None, **other: Any) -> str:
        records = [RECORD] if records is None else records
        drift = {"template and inventory": ["Variable A"], "container and template": None}
        report = filters["status_report"](seen(**other), records, [], drift, lock or {})
        return "\n".join(filters["status_lines"](report))

    return told


def test_looking_needs_no_container_and_measures_large_disks(shell: list[str], roles: Path) -> None:
    command = [*shell, str(roles / "status/files/look.sh"), "docker", "no-such-sidecar", "5000", "/tmp"]
    look = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    assert look["container"]["state"] == "missing"
    # To the kibibyte, as df counts.
    assert look["disk_bytes"] // 1024 == shutil.disk_usage("/tmp").total // 1024


def test_a_stopped_engine_is_seen_as_that(shell: list[str], roles: Path) -> None:
    docker = "docker -H unix:///nowhere.sock"
    command = [*shell, str(roles / "status/files/look.sh"), docker, "no-such-sidecar", "5000", "/tmp"]
    look = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    assert (look["engine"], look["container"]["state"]) == ("", "unknown")
    assert "nowhere.sock" in base64.b64decode(look["engine_error"]).decode()


def test_a_sidecar_that_serves(told: Any) -> None:
    text = told()
    assert "ready, runs since 2026-11-22T10:00:00, port 6960" in text
    assert "GPU:       ok: every session runs on CUDA" in text
    assert "1.0-x, served as version 1.0" in text
    assert "template and inventory: Variable A" in text
    assert "container and template: not compared" in text
    assert "record: none" in text
    assert "*  20261122T100000Z-abc" in text
    assert "free 1.0 GiB of 2.0 GiB" in text


def test_a_stopped_engine_is_told_in_its_own_words(told: Any) -> None:
    container = {"state": "unknown", "since": "", "image_id": "", "port": ""}
    text = told(engine="", engine_error=encoded("Cannot connect\nto it"), container=container, ready="")
    assert "no Docker engine answers (Cannot connect to it) -> start Docker" in text
    assert "GPU:       unknown: the sidecar does not answer" in text


def test_a_sidecar_that_is_not_ready_says_why(told: Any) -> None:
    answer = {"ready": False, "checks": [{"name": "models", "state": "failed", "reason": "no detector"}]}
    assert "not ready: models: no detector" in told(ready=encoded(json.dumps(answer)))
    assert "not ready: it does not answer" in told(ready=encoded("<html>"))


def test_what_is_another_than_the_record_says_is_drift(told: Any) -> None:
    text = told(current="2.0-y", container=seen()["container"] | {"image_id": "sha256:bbbb"})
    assert "record: another image runs; current is 2.0-y, not 1.0-x" in text
    assert "record: there is no record" in told(records=[])


def test_who_has_the_lock_is_told(told: Any) -> None:
    assert "lock:      me since 10:00 (Deploy)" in told(
        lock={"who": "me", "since": "10:00", "what": "Deploy"}
    )
