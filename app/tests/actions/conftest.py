"""A Stash for every test here, and a client of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from stash_sense.stash.client import StashClient
from tests.support.stash_server import StashServer, stash_running


@pytest.fixture(scope="package")
def running_stash() -> Iterator[StashServer]:
    with stash_running() as server:
        yield server


@pytest.fixture
def stash(running_stash: StashServer) -> StashServer:
    running_stash.reset(None)
    return running_stash


@pytest.fixture
async def client(stash: StashServer) -> AsyncIterator[StashClient]:
    made = StashClient(stash.url, None, 500, attempts=1)
    yield made
    await made.aclose()
