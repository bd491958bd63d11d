"""One server like unRAID for all tests of a worker; each test leaves it as it found it."""

import os
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from support.models import lay_out_small_models
from support.play import Play
from support.small_stash import SmallStash, small_stash
from support.unraid import UnraidServer

API_KEY = "test-only.eyJ1aWQiOiJ0ZXN0In0.c2lnbmF0dXJl"


@pytest.fixture(scope="session")
def api_key() -> str:
    return API_KEY


@pytest.fixture(scope="session")
def stash() -> Iterator[SmallStash]:
    """The Stash that the server reaches, with plugin settings and an API key."""
    with small_stash(API_KEY) as stash:
        yield stash


@pytest.fixture(scope="session")
def server(repository: Path, engine: docker.DockerClient, stash: SmallStash) -> Iterator[UnraidServer]:
    """Nothing is deployed on it yet."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    server = UnraidServer.boot(repository, engine, f"stash-sense-unraid-{worker}-{os.getpid()}")
    try:
        server.open_tunnel(stash.port)
        server.stash_url = stash.url
        server.variables = {
            "stash_sense_stash_api_key": API_KEY,
            # Most tests take an image that is on the server already.
            "image_build": False,
            "image_transfer": "none",
            **lay_out_small_models(server.home / "models"),
        }
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def deployment(server: UnraidServer) -> Play:
    """The first one: the whole of deploy.yml, with a stand-in for the image that is on the server already."""
    server.release_image("latest")
    play = server.play("deploy")
    assert play.status == 0, play.output
    return play


@pytest.fixture
def deployed(server: UnraidServer, deployment: Play) -> Iterator[UnraidServer]:
    """The server with a release that serves; what a test does to it, another deployment has to undo."""
    assert server.get("/ready").status_code == 200
    yield server
    assert server.get("/ready").status_code == 200, "the test left the server without its service"
