"""Copies of stash_sense.db: whole while others write, refused when unfit, never mixed with what was there."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from stash_sense.checksums import sha256_of
from stash_sense.library import backup
from stash_sense.library.errors import StoreError
from stash_sense.library.store import open_file
from tests.support.sidecar import environment


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The sidecar's own, in WAL mode, as every sidecar leaves it."""
    path = tmp_path / "data/stash_sense.db"
    path.parent.mkdir()
    open_file(path).close()
    _remember(path, "one")
    return path


def _remember(path: Path, key: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO user_settings (key, value) VALUES (?, '1')", (key,))


def _remembered(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT key FROM user_settings")}


def run(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stash_sense", *map(str, arguments)],
        env=environment(variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def writer(database: Path) -> Iterator[Callable[[], int]]:
    """Somebody who writes all the time, as a running sidecar does; gives how many rows are written so far."""
    written, stop = [0], threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(database, timeout=30)) as connection:
            while not stop.is_set():
                with connection:
                    # Two rows in one transaction: a copy has both or neither.
                    for half in ("a", "b"):
                        connection.execute(
                            "INSERT INTO user_settings (key, value) VALUES (?, '1')", (f"{half}{written[0]}",)
                        )
                written[0] += 1

    thread = threading.Thread(target=write)
    thread.start()
    yield lambda: written[0]
    stop.set()
    thread.join()


def test_a_backup_while_others_write_has_whole_transactions_and_needs_no_other_file(
    database: Path, writer: Callable[[], int], tmp_path: Path
) -> None:
    out = tmp_path / "out.db"
    while writer() < 20:
        pass
    done = run("backup-database", out, DATA_DIR=str(database.parent))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told == {"file": str(out), "sha256": sha256_of(out), "bytes": out.stat().st_size, "schema": 6}
    assert out.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["out.db"]
    keys = _remembered(out)
    assert {f"b{key[1:]}" for key in keys if key[0] == "a"} == {key for key in keys if key[0] == "b"}
    assert len([key for key in keys if key[0] == "a"]) >= 20


def test_a_restored_backup_is_the_database_and_what_was_there_is_beside_it(
    database: Path, tmp_path: Path
) -> None:
    backup.back_up(database, tmp_path / "out.db")
    _remember(database, "later")
    # Only in the log, as after a kill: it must not be lost with the old file, nor reach the new one.
    held = sqlite3.connect(database)
    held.execute("SELECT * FROM user_settings").fetchone()
    _remember(database, "in the log")
    for suffix in ("", "-wal"):
        (tmp_path / f"copy{suffix}").write_bytes(Path(f"{database}{suffix}").read_bytes())
    held.close()
    for suffix in ("", "-wal"):
        Path(f"{database}{suffix}").write_bytes((tmp_path / f"copy{suffix}").read_bytes())

    done = run("restore-database", tmp_path / "out.db", DATA_DIR=str(database.parent))
    assert done.returncode == 0, done.stderr
    assert "later" not in _remembered(database)
    aside = Path(json.loads(done.stdout)["aside"])
    assert {"later", "in the log"} <= _remembered(aside)

    done = run("restore-database", "--put-back", aside, DATA_DIR=str(database.parent))
    assert done.returncode == 0, done.stderr
    assert {"later", "in the log"} <= _remembered(database)


def test_nothing_is_restored_under_a_sidecar_that_runs(database: Path, tmp_path: Path) -> None:
    backup.back_up(database, tmp_path / "out.db")
    with closing(sqlite3.connect(database)) as running:
        running.execute("SELECT * FROM user_settings").fetchone()
        done = run("restore-database", tmp_path / "out.db", DATA_DIR=str(database.parent))
    assert done.returncode == 2
    assert "stop it first" in done.stderr
    assert sorted(path.name for path in database.parent.iterdir()) == ["stash_sense.db"]


def _spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xa5" * 4096
    path.write_bytes(content)


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE schema_version SET version = 99")


def _forget_schema(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE schema_version")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (_spoil, "damaged"),
        (_truncate, "damaged"),
        (_empty, "not the sidecar's"),
        (_make_newer, "newer than"),
        (_forget_schema, "not the sidecar's"),
        (Path.unlink, "no such file"),
    ],
)
def test_what_is_no_fit_backup_is_refused_and_nothing_changes(
    wrong: Callable[[Path], Any], says: str, database: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.db"
    backup.back_up(database, out)
    wrong(out)
    before = sha256_of(database)
    with pytest.raises(StoreError, match=says):
        backup.restore(out, database, "1")
    assert sha256_of(database) == before
    assert [path.name for path in database.parent.iterdir()] == ["stash_sense.db"]


def test_a_damaged_database_can_be_replaced_and_is_kept_as_it_was(database: Path, tmp_path: Path) -> None:
    backup.back_up(database, tmp_path / "out.db")
    database.write_bytes(b"no database at all" * 1000)
    aside = backup.restore(tmp_path / "out.db", database, "1")
    assert aside is not None
    assert aside.read_bytes().startswith(b"no database")
    assert "one" in _remembered(database)


def test_where_there_is_none_yet_the_backup_becomes_it(database: Path, tmp_path: Path) -> None:
    backup.back_up(database, tmp_path / "out.db")
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    assert backup.restore(tmp_path / "out.db", fresh / "stash_sense.db", "1") is None
    assert "one" in _remembered(fresh / "stash_sense.db")


def test_only_the_newest_of_the_replaced_ones_are_kept(database: Path, tmp_path: Path) -> None:
    backup.back_up(database, tmp_path / "out.db")
    for stamp in "12345":
        backup.restore(tmp_path / "out.db", database, stamp)
    kept = sorted(path.name for path in database.parent.glob("*.before-*"))
    assert kept == [f"stash_sense.db.before-{stamp}" for stamp in "345"]


def test_the_restored_file_has_the_mode_of_the_one_it_replaces(database: Path, tmp_path: Path) -> None:
    backup.back_up(database, tmp_path / "out.db")
    database.chmod(0o664)
    backup.restore(tmp_path / "out.db", database, "1")
    assert database.stat().st_mode & 0o777 == 0o664


def test_a_check_tells_and_changes_nothing(database: Path, tmp_path: Path) -> None:
    backup.back_up(database, tmp_path / "out.db")
    done = run("restore-database", "--check", tmp_path / "out.db", DATA_DIR=str(database.parent))
    assert json.loads(done.stdout)["schema"] == 6
    assert [path.name for path in database.parent.iterdir()] == ["stash_sense.db"]


@pytest.mark.parametrize("command", ["backup-database", "restore-database"])
def test_a_backup_of_postgresql_is_said_to_be_the_servers_matter(command: str, tmp_path: Path) -> None:
    url = "postgresql://user:hush@127.0.0.1:1/name"
    done = run(command, tmp_path / "out.db", DATA_DIR=str(tmp_path), DATABASE_URL=url)
    assert done.returncode == 2
    assert "pg_dump" in done.stderr
    assert "hush" not in done.stderr


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    done = run("backup-database", tmp_path / "out.db", DATA_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "stash_sense.db" in done.stderr
    assert list(tmp_path.iterdir()) == []
