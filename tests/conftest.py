"""What all suites share: where the repository is, the engine, and the folders of real models and photos."""

import os
from pathlib import Path

import docker
import pytest

# Their assertions shall say what they saw, as those in a test's file do.
pytest.register_assert_rewrite("support")


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def engine() -> docker.DockerClient:
    return docker.from_env(timeout=120)


def _folder(variable: str) -> Path:
    value = os.environ.get(variable)
    if not value:
        pytest.fail(
            f"{variable} is not set; run `make test {variable}=...`: the folder of the real parts", False
        )
    return Path(value)


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The models of image/models.yml, laid out as MODELS_DIR of the build."""
    return _folder("MODELS_DIR")


@pytest.fixture(scope="session")
def faces_dir() -> Path:
    """`people/`, a folder of photos for each, and `probe/`, photos to ask about."""
    return _folder("FACES_DIR")
