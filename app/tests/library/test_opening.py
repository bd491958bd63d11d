"""Opening the database: a new one, one's own, one that others have open, and those that are refused."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from stash_sense.library import schema
from stash_sense.library.errors import StoreError

# Imported when it is needed, and then perhaps by a test as another user, who may not read the environment.
from stash_sense.library.migrations import run as _migrations  # noqa: F401
from stash_sense.library.sqlite import BUSY_SECONDS
from stash_sense.library.store import open_file
from tests.library.old_files import rows_of, value_of, write_old_file
from tests.support.sidecar import environment

NOBODY = 65534

_OPEN_WHEN_TOLD = """
import sys
from pathlib import Path
from stash_sense.library.store import open_file
print("ready", flush=True)
sys.stdin.readline()
open_file(Path(sys.argv[1])).close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stash_sense.db"


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are this user's alone."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def reading_only(folder: Path) -> Iterator[None]:
    """This process may read what is in the folder and nothing else, root or not."""
    for place in (*folder.iterdir(), folder):
        place.chmod(0o555 if place.is_dir() else 0o444)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


def assert_refused_untouched(path: Path, *said: str) -> None:
    before = path.read_bytes()
    with pytest.raises(StoreError) as refusal:
        open_file(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    for words in (str(path), *said):
        assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_new_database_has_the_newest_schema_and_its_first_setting(path: Path) -> None:
    open_file(path).close()
    assert value_of(path, "SELECT version FROM schema_version") == schema.SCHEMA
    rows = rows_of(path)
    assert [(row["key"], row["value"]) for row in rows.pop("user_settings")] == [
        ("normalize_enum_display", "true")
    ]
    assert set(rows) | {"user_settings", "schema_version"} == set(schema.metadata.tables)
    assert not any(rows.values())


def test_opening_again_changes_nothing_and_needs_no_alembic(path: Path) -> None:
    open_file(path).close()
    before = path.read_bytes()
    program = (
        "import sys; from pathlib import Path; from stash_sense.library.store import open_file;"
        "open_file(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    again = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        env=environment({}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stdout == "False\n"
    assert path.read_bytes() == before


@pytest.mark.parametrize("old", [None, 2])
def test_processes_that_open_it_at_once_all_get_one_whole_database(path: Path, old: int | None) -> None:
    if old is not None:
        write_old_file(path, old)
    others = [
        subprocess.Popen(
            [sys.executable, "-c", _OPEN_WHEN_TOLD, str(path)],
            env=environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
    for other in others:
        assert other.stdin is not None
        other.stdin.write("\n")
        other.stdin.flush()
    for other in others:
        _, errors = other.communicate(timeout=60)
        assert other.returncode == 0, errors
    assert value_of(path, "SELECT version FROM schema_version") == schema.SCHEMA
    assert value_of(path, "SELECT count(*) FROM user_settings") == 1
    assert value_of(path, "PRAGMA integrity_check") == "ok"


def test_readers_and_a_writer_do_not_wait_for_each_other_and_writers_take_turns(path: Path) -> None:
    store = open_file(path)
    with store.reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        }
    store.close()
    assert settings == {
        "journal_mode": "wal",
        "busy_timeout": BUSY_SECONDS * 1000,
        "foreign_keys": 1,
        "synchronous": 2,
    }


def test_a_run_that_a_stop_interrupted_is_failed_at_the_next_start(path: Path) -> None:
    write_old_file(path, 6)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO analysis_runs (type, status, cursor) VALUES ('duplicate_scenes', 'running', 'p7')"
        )
        connection.commit()
    before = rows_of(path)["analysis_runs"]
    open_file(path).close()
    *others, run = rows_of(path)["analysis_runs"]
    assert others == before[:-1]
    assert run["status"] == "failed"
    assert run["cursor"] == "p7"
    assert run["completed_at"] >= run["started_at"]
    assert "interrupted" in run["error_message"]


def test_a_schema_newer_than_known_is_refused_untouched(path: Path) -> None:
    write_old_file(path, 6)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE schema_version SET version = 7")
        connection.commit()
    assert_refused_untouched(path, "schema 7 is newer than 6", "update the sidecar")


def test_a_file_that_is_not_a_database_is_refused_untouched(path: Path) -> None:
    path.write_bytes(b"<html>404 Not Found</html>" * 500)
    assert_refused_untouched(path, "file is not a database", "put a backup in its place")


def test_a_database_with_a_broken_page_is_refused_untouched(path: Path) -> None:
    write_old_file(path, 5)
    page = int(value_of(path, "SELECT rootpage FROM sqlite_master WHERE name = 'user_settings'"))
    content = bytearray(path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    content[(page - 1) * size : page * size] = b"\x5a" * size
    path.write_bytes(content)
    assert_refused_untouched(path, "put a backup in its place")


def test_a_truncated_database_is_refused_untouched(path: Path) -> None:
    write_old_file(path, 6)
    path.write_bytes(path.read_bytes()[:-8192])
    assert_refused_untouched(path, "put a backup in its place")


def test_another_program_s_database_is_refused_untouched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    assert_refused_untouched(path, "not the sidecar's database", "songs")


def test_a_value_missing_where_one_is_required_does_not_make_a_file_damaged(path: Path) -> None:
    write_old_file(path, 6)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "PRAGMA writable_schema = ON;"
            "UPDATE sqlite_master SET sql = replace(sql, 'reason TEXT', 'reason TEXT NOT NULL')"
            " WHERE name = 'dismissed_targets';"
        )
    # Another connection: this one goes on by the tables as it has read them.
    with closing(sqlite3.connect(path)) as connection:
        said = [row[0] for row in connection.execute("PRAGMA quick_check")]
    assert said
    assert all("NULL value" in line for line in said)
    open_file(path).close()


def test_a_folder_that_does_not_exist_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"absent does not exist; mount it, or set DATA_DIR"):
        open_file(tmp_path / "absent/stash_sense.db")
    assert not list(tmp_path.iterdir())


def test_a_folder_in_the_file_s_place_is_named(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreError, match="it is a folder"):
        open_file(path)


def test_a_folder_that_may_not_be_written_is_named_with_the_user(public_folder: Path) -> None:
    with reading_only(public_folder), pytest.raises(StoreError) as refusal:
        open_file(public_folder / "stash_sense.db")
    assert f"{public_folder} is not writable for user id " in str(refusal.value)
    assert "let the sidecar's user write it" in str(refusal.value)
    assert not list(public_folder.iterdir())


@pytest.mark.parametrize("by", ["an earlier sidecar", "this one"])
def test_a_database_that_may_only_be_read_is_refused_untouched(public_folder: Path, by: str) -> None:
    mine = public_folder / "stash_sense.db"
    if by == "this one":
        open_file(mine).close()
    else:
        write_old_file(mine, 3)
    with reading_only(public_folder):
        assert_refused_untouched(mine, "is not writable for user id", "let the sidecar's user write it")
