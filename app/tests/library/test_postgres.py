"""A PostgreSQL database in the file's place: shared, reached again after a fall, its password never told."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from stash_sense.library import analysis_runs, schema
from stash_sense.library.database_url import parse_url
from stash_sense.library.errors import StoreError
from stash_sense.library.image_fingerprint import ImageFingerprint
from stash_sense.library.library import Library
from stash_sense.library.postgres import PostgresBackend
from stash_sense.library.store import open_store
from tests.support.postgres import PASSWORD, PostgresServer
from tests.support.sidecar import environment, free_port
from tests.support.threaded_server import unused_address

FINGERPRINT = ImageFingerprint("7", None, 0, "2026.02.12", ())

_WORK_UNTIL_KILLED = """
import sys
from stash_sense.library import analysis_runs, jobs
from stash_sense.library.owners import new_owner
from stash_sense.library.database_url import parse_url
from stash_sense.library.postgres import PostgresBackend
from stash_sense.library.store import open_store
owner = new_owner()
store = open_store(PostgresBackend(parse_url(sys.stdin.readline().strip())), owner)
with store.writing() as connection:
    jobs.lock(connection, "duplicate_scenes")
    run = analysis_runs.begin(connection, "duplicate_scenes")
    jobs.begin(connection, "duplicate_scenes", owner, config={}, progress={}, run_id=run)
print(run, flush=True)
sys.stdin.readline()
"""

_OPEN = """
import sys
from stash_sense.library.database_url import parse_url
from stash_sense.library.postgres import PostgresBackend
from stash_sense.library.store import open_store
open_store(PostgresBackend(parse_url(sys.stdin.readline().strip()))).close()
"""


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.new_database()


def started(program: str, url: str) -> subprocess.Popen[str]:
    """A process that reads the address from its input: a password has no place in a command line."""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(f"{url}\n")
    process.stdin.flush()
    return process


def refusal(url: str) -> str:
    with pytest.raises(StoreError) as refused:
        open_store(PostgresBackend(parse_url(url)))
    chain, error = [], refused.value
    while error is not None:
        chain.append(f"{error} {error!r}")
        error = error.__cause__ or error.__context__
    assert PASSWORD not in "".join(chain)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_sidecars_that_start_at_once_make_one_whole_database(url: str) -> None:
    for process in [started(_OPEN, url) for _ in range(3)]:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    store = open_store(PostgresBackend(parse_url(url)))
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT version FROM schema_version").scalars().all() == [
            schema.SCHEMA
        ]
        assert connection.exec_driver_sql("SELECT key, value::text FROM user_settings").all() == [
            ("normalize_enum_display", "true")
        ]
    store.close()


def test_times_that_the_database_itself_writes_look_as_everywhere(url: str) -> None:
    store = open_store(PostgresBackend(parse_url(url)))
    with store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO dismissed_targets VALUES ('t', 'scene', '1')")
        written, now = connection.exec_driver_sql(
            "SELECT dismissed_at, to_char(now() AT TIME ZONE 'utc', 'YYYY-MM-DD HH24:MI:SS')"
            " FROM dismissed_targets"
        ).one()
    store.close()
    assert written == now


def test_a_run_goes_on_while_its_sidecar_lives_and_is_failed_by_who_starts_after_it_was_killed(
    url: str,
) -> None:
    with started(_WORK_UNTIL_KILLED, url) as other:
        assert other.stdout is not None
        run = int(other.stdout.readline())
        assert status_for_a_newcomer(url, run) == "running"
        other.kill()
        other.wait(10)
        # The server may need a moment to notice that a client has gone.
        tries = (status_for_a_newcomer(url, run) for _ in range(50))
        assert "failed" in tries


def status_for_a_newcomer(url: str, run: int) -> str:
    store = open_store(PostgresBackend(parse_url(url)))
    with store.reading() as connection:
        found = analysis_runs.find(connection, run)
    store.close()
    assert found is not None
    return found.status


async def test_connections_that_the_server_has_dropped_are_replaced(
    tmp_path: Path, postgres: PostgresServer, url: str
) -> None:
    library = Library(tmp_path, url)
    assert await library.save_image(FINGERPRINT) is None
    with postgres.connection("postgres") as connection:
        dropped = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s",
            (url.rpartition("/")[2],),
        ).fetchone()
    assert dropped is not None
    assert int(str(dropped[0])) >= 2
    await asyncio.sleep(0.2)
    assert await library.save_image(FINGERPRINT) is None
    await library.stop()


def test_a_wrong_password_is_named_and_not_shown(url: str) -> None:
    said = refusal(url.replace("not-for-anybody", "of-somebody"))
    assert "password authentication failed" in said
    assert "check the address, user and password in DATABASE_URL" in said
    assert "of-somebody" not in said


def test_a_database_that_is_not_there_is_named(url: str) -> None:
    assert "does not exist" in refusal(f"{url}_nowhere")


def test_a_server_that_is_not_there_is_named(url: str) -> None:
    port = unused_address().rpartition(":")[2]
    said = refusal(url.replace(url.split("@127.0.0.1:")[1].split("/", maxsplit=1)[0], port))
    assert f"at 127.0.0.1:{port}" in said
    assert "and that PostgreSQL runs there" in said


def test_no_file_is_made_beside_it(tmp_path: Path, url: str) -> None:
    async def live() -> None:
        library = Library(tmp_path, url)
        library.start()
        assert await library.save_image(FINGERPRINT) is None
        await library.stop()

    asyncio.run(live())
    assert not list(tmp_path.iterdir())


def test_another_program_s_database_is_refused_untouched(postgres: PostgresServer, url: str) -> None:
    with postgres.connection(url.rpartition("/")[2]) as connection:
        connection.execute("CREATE TABLE songs (title text)")
        assert "not the sidecar's database" in refusal(url)
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("songs",)]


@pytest.mark.parametrize(
    "value",
    [
        "mysql://u:sesame@127.0.0.1/x",
        "sesame",
        "postgresql://u:sesame@127.0.0.1",
        "postgresql://u:sesame@h:x/y",
    ],
)
def test_what_is_no_address_of_a_postgresql_database_is_not_shown(value: str) -> None:
    with pytest.raises(ValueError, match="database") as refused:
        parse_url(value)
    assert "sesame" not in f"{refused.value!r}{refused.value.__cause__!r}"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_way_to_write_the_address_is_understood(scheme: str) -> None:
    url = parse_url(f"{scheme}://u:p@127.0.0.1:{free_port()}/x?sslmode=disable")
    assert url.drivername == "postgresql+psycopg"
    assert url.query["sslmode"] == "disable"
