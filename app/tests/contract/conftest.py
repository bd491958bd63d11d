from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.plugin import Plugin
from tests.contract.world import API_KEY, IMAGE_BYTES, furnish
from tests.support.films import FilmShelf
from tests.support.sidecar import RunningSidecar, running_sidecar
from tests.support.stash_server import StashServer, stash_running


@pytest.fixture(scope="session")
def stash(faces_dir: Path, films: FilmShelf) -> Iterator[StashServer]:
    with stash_running(API_KEY) as server:
        furnish(server, faces_dir, films)
        yield server


@pytest.fixture(autouse=True)
def _without_faults(stash: StashServer) -> Iterator[None]:
    yield
    stash.faults = type(stash.faults)()


@pytest.fixture(scope="session")
def model_variables(models_dir: Path, insightface_home: Path) -> dict[str, str]:
    return {"MODELS_DIR": str(models_dir), "INSIGHTFACE_HOME": str(insightface_home), "REQUIRE_GPU": "false"}


@pytest.fixture(scope="session")
def sidecar(
    stash: StashServer,
    model_variables: dict[str, str],
    people_database: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningSidecar]:
    """The sidecar of the household. Whatever the tests do with it, the key of Stash stays with Stash."""
    folder = tmp_path_factory.mktemp("contract")
    data = shutil.copytree(people_database, folder / "data", ignore=shutil.ignore_patterns(".*"))
    variables = {
        **model_variables,
        "DATA_DIR": str(data),
        "STASH_URL": f"{stash.url}/graphql/",
        "STASH_API_KEY": API_KEY,
        "STASH_RATE_LIMIT": "200",
        "MAX_IMAGE_BYTES": str(IMAGE_BYTES),
        "LOG_LEVEL": "DEBUG",
    }
    with running_sidecar(variables, folder / "log") as running:
        yield running
        assert API_KEY not in running.log()


@pytest.fixture
def plugin(sidecar: RunningSidecar) -> Plugin:
    return Plugin(sidecar.address)


@pytest.fixture(scope="session")
def bare_sidecar(
    model_variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSidecar]:
    """A sidecar that has neither a database nor a Stash."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "data").mkdir()
    variables = {**model_variables, "DATA_DIR": str(folder / "data")}
    with running_sidecar(variables, folder / "log") as running:
        yield running


@pytest.fixture
def bare_plugin(bare_sidecar: RunningSidecar) -> Plugin:
    return Plugin(bare_sidecar.address)
