"""What several tests of the recommendations do."""

from __future__ import annotations

import time
from typing import Any

import httpx

from tests.support.stash_server import StashFile, StashScene, StashServer


def double_scenes(server: StashServer, *scene_ids: str) -> None:
    """Scenes of two files each, which an analysis recommends."""
    for number in scene_ids:
        files = [StashFile(f"{number}1", size=20), StashFile(f"{number}2", size=10)]
        server.scenes[number] = StashScene(f"Scene {number}", files)


def run_to_its_end(api: httpx.Client, analysis: str = "duplicate_scene_files") -> dict[str, Any]:
    """Start an analysis; gives the run as it ended."""
    started = api.post(f"/recommendations/analysis/{analysis}/run")
    assert started.status_code == 200, started.text
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        run: dict[str, Any] = api.get(f"/recommendations/analysis/runs/{started.json()['run_id']}").json()
        if run["status"] != "running":
            return run
        time.sleep(0.02)
    raise AssertionError(f"the run does not end: {run}")


def recommended(api: httpx.Client, server: StashServer, *scene_ids: str) -> list[int]:
    """The ids of recommendations about these scenes, in their order."""
    double_scenes(server, *scene_ids)
    assert run_to_its_end(api)["status"] == "completed"
    listed = api.get("/recommendations", params={"limit": 1000}).json()["recommendations"]
    by_target = {one["target_id"]: one["id"] for one in listed}
    return [by_target[scene_id] for scene_id in scene_ids]
