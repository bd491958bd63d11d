from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from stash_sense.library.library import Library
from stash_sense.stash.client import StashClient
from tests.support.stash_server import StashServer, stash_running


@pytest.fixture(scope="package")
def one_stash() -> Iterator[StashServer]:
    with stash_running() as server:
        yield server


@pytest.fixture
def server(one_stash: StashServer) -> StashServer:
    """An empty Stash."""
    one_stash.reset(None)
    return one_stash


@pytest.fixture
async def stash(server: StashServer) -> AsyncIterator[StashClient]:
    client = StashClient(server.url, None, rate_limit=1000.0, backoff_seconds=0.01)
    yield client
    await client.aclose()


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    opened = Library(tmp_path)
    yield opened
    await opened.stop()
