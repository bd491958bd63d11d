"""The shells that the roles' scripts have to run under, and runs of single phases of deploy.yml."""

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Play:
    """One run of deploy.yml."""

    status: int
    text: str
    changed: int


@pytest.fixture
def deploy(repository: Path, tmp_path: Path) -> Callable[..., Play]:
    """Runs phases of deploy.yml against this machine, with its files below a fresh folder."""

    def run(tags: str, *options: str, **variables: object) -> Play:
        given = {
            "stash_sense_name": "stash-sense-roles",
            "stash_sense_appdata": str(tmp_path / "appdata"),
            # Tests run side by side on one machine.
            "lock_directory": str(tmp_path),
        }
        command = ["ansible-playbook", "-i", "inventories/local", "playbooks/deploy.yml", "--tags", tags]
        done = subprocess.run(
            [*command, *options, "--extra-vars", json.dumps(given | variables)],
            cwd=repository,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        changed = re.search(r"changed=(\d+)", done.stdout)
        return Play(done.returncode, " ".join(done.stdout.split()), int(changed[1]) if changed else 0)

    return run


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
