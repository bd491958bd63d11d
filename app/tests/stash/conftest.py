"""A Stash for every test here."""

from collections.abc import Iterator

import pytest

from tests.support.stash_server import StashServer, stash_running

API_KEY = "sk-3c2b1a-secret"


@pytest.fixture(scope="session")
def running_stash() -> Iterator[StashServer]:
    with stash_running() as server:
        yield server


@pytest.fixture
def stash(running_stash: StashServer) -> StashServer:
    running_stash.reset(API_KEY)
    return running_stash
