"""A sidecar that is killed while it writes: what it has acknowledged is there, and what it did goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.library.old_files import value_of
from tests.recommendations.support import double_scenes
from tests.support.gate import Faults
from tests.support.postgres import PostgresServer
from tests.support.sidecar import RunningSidecar, running_sidecar
from tests.support.stash_server import StashServer

WRITERS = 4
ENOUGH = 60


@pytest.fixture(params=["sqlite", "postgresql"])
def variables(
    request: pytest.FixtureRequest, tmp_path: Path, insightface_home: Path, stash: StashServer
) -> dict[str, str]:
    """Of a sidecar that has no models: it has nothing to recognise here."""
    (tmp_path / "models").mkdir()
    (tmp_path / "data").mkdir()
    known = {
        "DATA_DIR": str(tmp_path / "data"),
        "MODELS_DIR": str(tmp_path / "models"),
        "INSIGHTFACE_HOME": str(insightface_home),
        "REQUIRE_GPU": "false",
        "STASH_URL": stash.url,
        "STASH_RATE_LIMIT": "1000",
    }
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        known["DATABASE_URL"] = server.new_database()
    return known


class Writer(threading.Thread):
    """Writes settings, one after the other, until nobody answers any more."""

    def __init__(self, address: str, number: int) -> None:
        super().__init__()
        self._address = address
        self._number = number
        self.acknowledged: dict[str, Any] = {}

    def run(self) -> None:
        with httpx.Client(base_url=self._address, timeout=20) as client:
            for count in range(100_000):
                key, value = f"writer_{self._number}", {"count": count, "more": "x" * 2000}
                try:
                    for name in (key, f"{key}.{count}"):
                        answer = client.post(f"/recommendations/settings/{name}", json={"value": value})
                        assert answer.json() == {"success": True, "key": name}
                        self.acknowledged[name] = value
                except httpx.TransportError:
                    return


@contextmanager
def writing(address: str) -> Iterator[list[Writer]]:
    writers = [Writer(address, number) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    yield writers
    for writer in writers:
        writer.join(30)
        assert not writer.is_alive()


def acknowledged(writers: list[Writer]) -> dict[str, Any]:
    return {key: value for writer in writers for key, value in writer.acknowledged.items()}


def killed_while_it_writes(variables: Mapping[str, str], log: Path) -> tuple[dict[str, Any], int]:
    """What it had acknowledged, and the run that it was at."""
    with running_sidecar(variables, log) as sidecar:
        started = sidecar.client.post("/recommendations/analysis/duplicate_scene_files/run")
        with writing(sidecar.address) as writers:
            while len(acknowledged(writers)) < ENOUGH:
                time.sleep(0.005)
            sidecar.process.kill()
        return acknowledged(writers), started.json()["run_id"]


def settings_of(sidecar: RunningSidecar) -> dict[str, Any]:
    answer: dict[str, Any] = sidecar.client.get("/recommendations/settings").json()["settings"]
    return answer


def test_nothing_that_was_acknowledged_is_lost_and_the_analysis_goes_on(
    variables: dict[str, str], tmp_path: Path, stash: StashServer
) -> None:
    double_scenes(stash, *(str(number) for number in range(1, 151)))
    # Its first page is read, its second one never comes.
    stash.faults = Faults(operations={"FindScenes"}, skip=1, slow_seconds=600)
    kept, run = killed_while_it_writes(variables, tmp_path / "first.log")
    stash.faults = Faults()
    with running_sidecar(variables, tmp_path / "second.log") as sidecar:
        found = settings_of(sidecar)
        for key, value in kept.items():
            # What was being written when it fell may be there too.
            assert found[key]["count"] in (value["count"], value["count"] + 1), key
        interrupted = sidecar.client.get(f"/recommendations/analysis/runs/{run}").json()
        assert (interrupted["status"], interrupted["completed_at"] is not None) == ("failed", True)
        newest = completed(sidecar)
        assert newest["id"] > run
        assert sidecar.client.get("/recommendations", params={"status": "pending"}).json()["total"] == 150
    if "DATABASE_URL" not in variables:
        assert value_of(tmp_path / "data/stash_sense.db", "PRAGMA integrity_check") == "ok"
    else:
        assert not list((tmp_path / "data").iterdir())
        assert "not-for-anybody" not in (tmp_path / "second.log").read_text()


def completed(sidecar: RunningSidecar) -> dict[str, Any]:
    """The newest run, once it is completed."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        run: dict[str, Any] = sidecar.client.get("/recommendations/analysis/runs").json()[0]
        if run["status"] == "completed":
            return run
        time.sleep(0.05)
    raise AssertionError(f"not completed: {run}")
