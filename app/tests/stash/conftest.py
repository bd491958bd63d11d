"""A Stash for every test here, and clients of it."""

from collections.abc import AsyncIterator, Awaitable

import pytest
from pydantic import SecretStr

from stash_sense.stash.client import StashClient, StashError, Timeouts
from tests.support.stash_server import StashServer

API_KEY = "sk-3c2b1a-secret"


@pytest.fixture
def stash(running_stash: StashServer) -> StashServer:
    """It wants a key."""
    running_stash.reset(API_KEY)
    return running_stash


# For a Stash that is slow on purpose, beside one that is slow because the machine is busy.
IMPATIENT = Timeouts(connect=5, interactive=0.5, patient=10, download=0.5)


def client_for(
    url: str | None, key: str | None = API_KEY, rate: float = 500, timeouts: Timeouts | None = None
) -> StashClient:
    return StashClient(url, None if key is None else SecretStr(key), rate, timeouts, backoff_seconds=0.02)


@pytest.fixture
async def client(stash: StashServer) -> AsyncIterator[StashClient]:
    made = client_for(stash.url)
    yield made
    await made.aclose()


async def failure(call: Awaitable[object], kind: type[StashError]) -> str:
    with pytest.raises(kind) as caught:
        await call
    message = str(caught.value)
    assert message
    assert "\n" not in message
    assert API_KEY not in message
    return message
