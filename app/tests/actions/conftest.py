"""A client of Stash that asks once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from stash_sense.stash.client import StashClient
from tests.support.stash_server import StashServer


@pytest.fixture
async def client(stash: StashServer) -> AsyncIterator[StashClient]:
    made = StashClient(stash.url, None, 500, attempts=1)
    yield made
    await made.aclose()
