from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from stash_sense.library.library import Library
from tests.support.postgres import PostgresServer

NewLibrary = Callable[[], Library]


@pytest.fixture(params=["sqlite", "postgresql"])
def new_library(request: pytest.FixtureRequest, tmp_path: Path) -> NewLibrary:
    """Makes sidecars' libraries that share one database, of either kind."""
    if request.param == "sqlite":
        return lambda: Library(tmp_path)
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database()
    return lambda: Library(tmp_path, url)
