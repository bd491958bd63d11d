"""A Stash for every test here."""

from collections.abc import Iterator

import pytest

from tests.support.stash_server import StashServer, stash_running

API_KEY = "sk-3c2b1a-secret"


@pytest.fixture
def stash() -> Iterator[StashServer]:
    with stash_running(api_key=API_KEY) as server:
        yield server
