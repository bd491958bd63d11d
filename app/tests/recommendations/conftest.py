from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from stash_sense.application import create_app
from stash_sense.library.database_url import parse_url
from stash_sense.library.postgres import PostgresBackend
from stash_sense.library.schema import STARTING_SETTINGS, metadata, schema_version, user_settings
from stash_sense.library.sqlite import SqliteBackend
from stash_sense.library.store import open_store
from stash_sense.settings import Settings
from tests.support.postgres import PostgresServer
from tests.support.stash_server import StashServer
from tests.support.threaded_server import serving

NewApi = Callable[..., httpx.Client]


@pytest.fixture(scope="package")
def serve() -> Iterator[NewApi]:
    """Serves applications, without the models and databases that a start would load."""
    with ExitStack() as stack:

        def serve(**settings: Any) -> httpx.Client:
            app = create_app(Settings(**{"stash_rate_limit": 1000.0, **settings}))
            address = stack.enter_context(serving(app))
            return stack.enter_context(httpx.Client(base_url=address, timeout=30))

        yield serve


@pytest.fixture
def new_api(serve: NewApi, tmp_path: Path) -> NewApi:
    """Serves an application on a data folder of the test's own."""
    return lambda **settings: serve(data_dir=tmp_path, **settings)


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def served(
    request: pytest.FixtureRequest,
    serve: NewApi,
    running_stash: StashServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[httpx.Client, SqliteBackend | PostgresBackend]:
    folder = tmp_path_factory.mktemp("data")
    if request.param == "sqlite":
        return serve(data_dir=folder, stash_url=running_stash.url), SqliteBackend(folder / "stash_sense.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database()
    api = serve(data_dir=folder, stash_url=running_stash.url, database_url=url)
    return api, PostgresBackend(parse_url(url))


@pytest.fixture
def api(served: tuple[httpx.Client, SqliteBackend | PostgresBackend], stash: StashServer) -> httpx.Client:
    """With a Stash and an empty database, of either kind."""
    client, backend = served
    store = open_store(backend)
    with store.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            if table is not schema_version:
                connection.execute(table.delete())
        for key, value in STARTING_SETTINGS.items():
            connection.execute(user_settings.insert().values(key=key, value=value))
    store.close()
    return client
