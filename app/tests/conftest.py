"""What several packages' tests share: the real models and photos, and an engine loaded once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from stash_sense.library.library import Library
from stash_sense.recognition.engine import Engine, load_engine
from stash_sense.settings import Settings
from stash_sense.stash.client import StashClient
from tests.database.release import Release
from tests.support.films import FilmShelf
from tests.support.postgres import PostgresServer, postgres_running
from tests.support.sidecar import environment
from tests.support.stash_server import StashServer, stash_running

DETECTOR_FILE = Path("buffalo_sc/det_500m.onnx")


def _folder(variable: str) -> Path:
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set: it names the folder of the real parts that this test runs with")
    return Path(value)


@pytest.fixture(scope="session")
def models_dir() -> Path:
    return _folder("MODELS_DIR")


@pytest.fixture(scope="session")
def faces_dir() -> Path:
    return _folder("FACES_DIR")


@pytest.fixture(scope="session")
def insightface_home(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An InsightFace cache that has the detector."""
    home = tmp_path_factory.mktemp("insightface")
    place = home / "models" / DETECTOR_FILE
    place.parent.mkdir(parents=True)
    place.symlink_to((models_dir / DETECTOR_FILE).resolve())
    return home


@pytest.fixture(scope="session")
def engine_settings(models_dir: Path, insightface_home: Path) -> Settings:
    return Settings(models_dir=models_dir, insightface_home=insightface_home, require_gpu="false")


@pytest.fixture(scope="session")
def engine(engine_settings: Settings) -> Engine:
    return load_engine(engine_settings)


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> FilmShelf:
    """Films of the test photos, made once."""
    return FilmShelf(tmp_path_factory.mktemp("films"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test run's own."""
    with postgres_running() as server:
        yield server


@pytest.fixture(scope="session")
def running_stash() -> Iterator[StashServer]:
    with stash_running() as server:
        yield server


@pytest.fixture
def stash(running_stash: StashServer) -> StashServer:
    """An empty Stash, as if started anew."""
    running_stash.reset(None)
    return running_stash


@pytest.fixture
async def client(stash: StashServer) -> AsyncIterator[StashClient]:
    """One that need not be sparing with its requests."""
    made = StashClient(stash.url, None, rate_limit=1000.0, backoff_seconds=0.01)
    yield made
    await made.aclose()


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    opened = Library(tmp_path)
    yield opened
    await opened.stop()


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """A complete, valid database release in a folder of its own; its vectors are random."""
    directory = tmp_path / "release"
    directory.mkdir()
    release = Release(directory)
    release.write()
    return release


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings come from the test alone."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def read_photo(path: Path) -> NDArray[np.uint8]:
    """A test photo as uint8 (height, width, 3), RGB."""
    with Image.open(path) as picture:
        return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))


@pytest.fixture(scope="session")
def people_database(
    models_dir: Path, faces_dir: Path, insightface_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A database of the test photos' people, made by the command that users have for it."""
    out = tmp_path_factory.mktemp("database") / "people"
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "stash_sense",
            "build-database",
            "--photos",
            str(faces_dir / "people"),
            "--out",
            str(out),
        ],
        env=environment(
            {"MODELS_DIR": str(models_dir), "INSIGHTFACE_HOME": str(insightface_home), "REQUIRE_GPU": "false"}
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return out
