from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.plugin import Plugin
from tests.contract.world import API_KEY, BOX_KEY, IMAGE_BYTES, furnish
from tests.support.films import FilmShelf
from tests.support.sidecar import RunningSidecar, running_sidecar
from tests.support.stash_server import StashBoxSetting, StashServer, stash_running
from tests.support.stashbox_server import StashBoxServer, stashbox_running


@pytest.fixture(scope="session")
def box() -> Iterator[StashBoxServer]:
    with stashbox_running(BOX_KEY) as server:
        yield server


@pytest.fixture(scope="session")
def stash(faces_dir: Path, films: FilmShelf, box: StashBoxServer) -> Iterator[StashServer]:
    with stash_running(API_KEY) as server:
        furnish(server, faces_dir, films)
        server.stash_boxes.append(StashBoxSetting(box.endpoint, "The box", BOX_KEY))
        yield server


@pytest.fixture(autouse=True)
def _without_faults(stash: StashServer) -> Iterator[None]:
    yield
    stash.faults = type(stash.faults)()


@pytest.fixture(scope="session")
def model_variables(models_dir: Path, insightface_home: Path) -> dict[str, str]:
    return {"MODELS_DIR": str(models_dir), "INSIGHTFACE_HOME": str(insightface_home), "REQUIRE_GPU": "false"}


@pytest.fixture(scope="session")
def stash_variables(stash: StashServer) -> dict[str, str]:
    return {"STASH_URL": f"{stash.url}/graphql/", "STASH_API_KEY": API_KEY, "STASH_RATE_LIMIT": "200"}


@pytest.fixture(scope="session")
def sidecar(
    stash_variables: dict[str, str],
    model_variables: dict[str, str],
    people_database: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningSidecar]:
    """The sidecar of the household. Whatever the tests do with it, keys stay where they belong."""
    folder = tmp_path_factory.mktemp("contract")
    variables = {
        **model_variables,
        **stash_variables,
        "DATA_DIR": str(copied(people_database, folder / "data")),
        "MAX_IMAGE_BYTES": str(IMAGE_BYTES),
        "LOG_LEVEL": "DEBUG",
    }
    with running_sidecar(variables, folder / "log") as running:
        yield running
        for unwanted in (API_KEY, BOX_KEY, "Traceback"):
            assert unwanted not in running.log()


@pytest.fixture
def plugin(sidecar: RunningSidecar) -> Plugin:
    return Plugin(sidecar.address)


@pytest.fixture(scope="session")
def without_stash(
    model_variables: dict[str, str], people_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Plugin]:
    """The plugin of a sidecar that has a database and no Stash."""
    folder = tmp_path_factory.mktemp("without_stash")
    variables = {**model_variables, "DATA_DIR": str(copied(people_database, folder / "data"))}
    with running_sidecar(variables, folder / "log") as running:
        yield Plugin(running.address)


@pytest.fixture(scope="session")
def without_database(
    stash_variables: dict[str, str],
    model_variables: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Plugin]:
    """The plugin of a sidecar that has a Stash and no database."""
    folder = tmp_path_factory.mktemp("without_database")
    variables = {**stash_variables, **model_variables, "DATA_DIR": str(folder)}
    with running_sidecar(variables, folder / "log") as running:
        yield Plugin(running.address)


def copied(database: Path, folder: Path) -> Path:
    """A data folder of its own with the people's database, and no database of the sidecar's yet."""
    return shutil.copytree(database, folder, ignore=shutil.ignore_patterns(".*", "stash_sense.db*"))
