"""A stash-box for every test here, and ways to ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from pydantic import SecretStr

from stash_sense.stash.objects.configuration import StashBox
from stash_sense.stashbox.box import StashBoxApi
from stash_sense.stashbox.boxes import StashBoxes
from stash_sense.stashbox.manners import Manners
from tests.support.stashbox_server import StashBoxServer, stashbox_running

KEY = "box-key-7f3a"
QUICK = Manners(rate=500, batch=4, page=3, backoff_seconds=0.01, longest_pause=2, answer_seconds=0.5)

Connect = Callable[..., StashBoxApi]


@pytest.fixture(scope="session")
def running_box() -> Iterator[StashBoxServer]:
    with stashbox_running(KEY) as server:
        yield server


@pytest.fixture
def server(running_box: StashBoxServer) -> StashBoxServer:
    running_box.reset()
    return running_box


@pytest.fixture
async def connect(server: StashBoxServer) -> AsyncIterator[Connect]:
    """Makes the way to a box: by default to the test's, with the right key."""
    made: list[StashBoxes] = []

    def way(endpoint: str | None = None, key: str = KEY, manners: Manners = QUICK) -> StashBoxApi:
        made.append(StashBoxes(manners))
        setting = StashBox(endpoint=endpoint or server.endpoint, name="A box", api_key=SecretStr(key))
        return made[-1].box(setting)

    yield way
    for boxes in made:
        await boxes.aclose()
