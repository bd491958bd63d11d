"""What is particular to SQLite: how it is opened, and what its errors mean for the owner of the file."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event

from stash_sense.library.errors import StoreError

logger = logging.getLogger(__name__)

BUSY_SECONDS: Final = 5.0
"""How long a statement waits for another's write to end. Well below the plugin's patience (30 s)."""

CONNECTIONS: Final = 4

_WRITING: Final = {"sqlite_begin": "IMMEDIATE"}
"""Execution options of a transaction that will write: it takes its turn at the start. One that begins by
reading and then writes fails at once when another wrote in between, whatever the busy timeout."""


class SqliteBackend:
    """A file, which one sidecar at a time uses."""

    elsewhere = "put a backup in its place, or move it away to have a new one made at the next start"

    def __init__(self, path: Path) -> None:
        """Nothing is opened yet."""
        self.place = str(path)
        self._path = path
        self.reader: Engine = _engine(path)
        self.writer: Engine = self.reader.execution_options(**_WRITING)

    def enter(self, connection: Connection) -> None:
        broken = _damage(connection)
        if broken is not None:
            raise StoreError(f"{self.place}: damaged ({broken}); {self.elsewhere}")

    def fill(self, connection: Connection) -> None:
        """There is nothing before it."""

    def settle(self) -> None:
        """Switch to WAL. After the rest: a file that is refused stays as it is, to the byte."""
        mode = _switch_to_wal(self.reader)
        if mode != "wal":
            logger.warning("%s: its file system cannot do WAL; journal mode %s is slower", self.place, mode)

    def announce(self, owner: int) -> None:
        """Nobody shares it."""

    def explain(self, error: BaseException) -> str:
        name = _name(error)
        remedies = ((self.elsewhere, _DAMAGED), *((text, names) for names, text in _REMEDIES))
        remedy = next(
            (text for text, names in remedies if name.startswith(names)), "see SQLite's result codes"
        )
        seen = " ".join(str(error).split())
        obstacle = _obstacle(self._path) if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")) else None
        also = f", {obstacle}" if obstacle else ""
        return f"{self.place}: {seen}{f' ({name})' if name else ''}{also}; {remedy}"

    def close(self) -> None:
        self.reader.dispose()


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_SECONDS},
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=2 * BUSY_SECONDS,
        json_deserializer=_json_or_none,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: Any) -> None:
        # Python's own transactions leave DDL outside; a migration must be whole or not be.
        connection.isolation_level = None
        with closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA foreign_keys = ON")
            # A home server may lose its power: what was answered as saved is on the disk.
            cursor.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _json_or_none(stored: str | bytes) -> Any:
    """What a JSON column holds; None for text that is no JSON, which SQLite takes from any other program."""
    try:
        return json.loads(stored)
    except ValueError:
        return None


def _switch_to_wal(engine: Engine) -> str:
    """Let readers and the writer not wait for each other, for good; gives the mode that the file now has.

    Some file systems cannot do it (network shares): SQLite then stays with a rollback journal, which works.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        while True:
            try:
                cursor.execute("PRAGMA journal_mode = WAL")
                return "".join(cursor.fetchone() or ())
            except sqlite3.OperationalError as error:
                # The switch needs the file for itself, and SQLite does not always wait for that.
                if not _name(error).startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def _damage(connection: Connection) -> str | None:
    """What is wrong with the file's structure, in SQLite's words; reads all of it."""
    said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(10)")]
    # A value that its column should not have is no damage: it reads well.
    broken = [line for line in said if not line.startswith(("ok", "NULL value", "CHECK constraint"))]
    return " ".join(broken[0].split()) if broken else None


_DAMAGED: Final = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
_REMEDIES: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"), "let the sidecar's user write it"),
    (("SQLITE_FULL",), "free space on that disk"),
    (("SQLITE_BUSY", "SQLITE_LOCKED"), "stop the other program that uses it"),
    (("SQLITE_IOERR",), "see whether that disk is full or failing"),
)


def _name(error: BaseException) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


def _obstacle(path: Path) -> str | None:
    """What the operating system has against writing, which SQLite does not tell."""
    if path.is_dir():
        return "it is a folder"
    for place in (path.parent, path):
        if place.exists() and not os.access(
            place, os.W_OK, effective_ids=os.access in os.supports_effective_ids
        ):
            return f"{place} is not writable for user id {os.geteuid()}"
    return None
