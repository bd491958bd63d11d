"""The shells that the roles' scripts have to run under."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(params=[["dash"], ["busybox", "sh"], ["bash", "--posix"]], ids=lambda command: command[0])
def shell(request: pytest.FixtureRequest) -> list[str]:
    """unRAID's sh is bash; a script that is clean under dash and busybox is clean there too."""
    command: list[str] = request.param
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here")
    return command


@pytest.fixture
def roles(repository: Path) -> Path:
    return repository / "roles"
