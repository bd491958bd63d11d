"""A Stash with films, and a sidecar that asks it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sidecar import RunningSidecar, running_sidecar
from tests.support.stash_server import StashServer, stash_running

KEY = "sk-41c7-not-for-anybody"


@pytest.fixture(scope="session")
def stash_server() -> Iterator[StashServer]:
    with stash_running() as server:
        yield server


@pytest.fixture
def stash(stash_server: StashServer) -> StashServer:
    """As if started anew."""
    stash_server.reset(KEY)
    return stash_server


@pytest.fixture(scope="session")
def variables(
    models_dir: Path,
    insightface_home: Path,
    people_database: Path,
    stash_server: StashServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """Settings of a sidecar with a data folder of its own. It looks at one scene at a time."""
    data = shutil.copytree(
        people_database,
        tmp_path_factory.mktemp("identification") / "data",
        ignore=shutil.ignore_patterns(".*", "stash_sense.db*"),
    )
    return {
        "MODELS_DIR": str(models_dir),
        "INSIGHTFACE_HOME": str(insightface_home),
        "REQUIRE_GPU": "false",
        "DATA_DIR": str(data),
        "STASH_URL": stash_server.url,
        "STASH_API_KEY": KEY,
        "STASH_RATE_LIMIT": "200",
        "IDENTIFY_CONCURRENCY": "1",
        "LOG_LEVEL": "DEBUG",
    }


@pytest.fixture(scope="session")
def sidecar(variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSidecar]:
    """Whatever is asked of it, the key is for Stash alone."""
    with running_sidecar(variables, tmp_path_factory.mktemp("log") / "log") as running:
        yield running
        assert KEY not in running.log()


@pytest.fixture(scope="session")
def remembered(variables: dict[str, str]) -> Path:
    """The sidecar's own database."""
    return Path(variables["DATA_DIR"]) / "stash_sense.db"
