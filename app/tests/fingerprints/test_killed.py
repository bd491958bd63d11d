"""A real sidecar that is killed while it looks at a film goes on with that film when it is back."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from tests.library.old_files import rows_of
from tests.support.films import FilmShelf
from tests.support.gate import Faults
from tests.support.sidecar import RunningSidecar, running_sidecar
from tests.support.stash_server import StashFile, StashScene, StashServer

PATIENCE_SECONDS = 120


def progress_when(sidecar: RunningSidecar, **wanted: Any) -> dict[str, Any]:
    """The progress, once it says so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        progress: dict[str, Any] = sidecar.client.get("/recommendations/fingerprints/progress").json()
        if wanted.items() <= progress.items():
            return progress
        time.sleep(0.05)
    raise AssertionError(f"{progress}\n{sidecar.log()}")


def fingerprints(file: Path) -> dict[str, dict[str, Any]]:
    return {row["stash_scene_id"]: row for row in rows_of(file)["scene_fingerprints"]}


def test_generation_goes_on_after_a_kill_and_repeats_no_film_that_was_done(
    stash: StashServer,
    films: FilmShelf,
    models_dir: Path,
    faces_dir: Path,
    insightface_home: Path,
    people_database: Path,
    tmp_path: Path,
) -> None:
    film = films.film("obama.mp4", [(faces_dir / "probe/obama.jpg", 3)])
    for number in ("1", "2", "3"):
        stash.scenes[number] = StashScene(f"Scene {number}", [StashFile.of(f"{number}1", film)])
    data = shutil.copytree(
        people_database, tmp_path / "data", ignore=shutil.ignore_patterns(".*", "stash_sense.db*")
    )
    variables = {
        "DATA_DIR": str(data),
        "MODELS_DIR": str(models_dir),
        "INSIGHTFACE_HOME": str(insightface_home),
        "REQUIRE_GPU": "false",
        "STASH_URL": stash.url,
        "STASH_RATE_LIMIT": "100",
    }
    stash.faults = Faults(path="/scene/2/", slow_seconds=600)
    with running_sidecar(variables, tmp_path / "first.log") as sidecar:
        started = sidecar.client.post("/recommendations/fingerprints/generate", json={"num_frames": 5})
        assert started.status_code == 200, started.text
        progress_when(sidecar, status="running", current_scene_id="2", successful=1)
        sidecar.process.kill()
        sidecar.process.wait(10)
    stash.faults = Faults()
    first = fingerprints(data / "stash_sense.db")
    assert {number: row["fingerprint_status"] for number, row in first.items()} == {"1": "complete"}
    with running_sidecar(variables, tmp_path / "second.log") as sidecar:
        progress = progress_when(sidecar, status="completed")
        assert (progress["total_scenes"], progress["successful"], progress["failed"]) == (3, 3, 0)
        status = sidecar.client.get("/recommendations/fingerprints/status").json()
        assert (status["complete_fingerprints"], status["current_version_count"]) == (3, 3)
    after = fingerprints(data / "stash_sense.db")
    assert after["1"] == first["1"]
    assert [row["frames_analyzed"] for row in after.values()] == [5, 5, 5]
