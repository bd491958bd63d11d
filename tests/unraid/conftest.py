"""One server like unRAID for all tests of a worker; each test leaves it as it found it."""

import os
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from support.unraid import UnraidServer


@pytest.fixture(scope="session")
def server(repository: Path, engine: docker.DockerClient) -> Iterator[UnraidServer]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    server = UnraidServer.boot(repository, engine, f"stash-sense-unraid-{worker}-{os.getpid()}")
    yield server
    server.remove()
