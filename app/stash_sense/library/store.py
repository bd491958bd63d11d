"""The sidecar's database, open: transactions, and errors that its owner understands."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from stash_sense.library.backend import Backend
from stash_sense.library.errors import StoreError
from stash_sense.library.owners import new_owner
from stash_sense.library.sqlite import SqliteBackend
from stash_sense.library.upkeep import bring_up_to_date


class Store:
    """Transactions on the database. Threads may share it; every call blocks, and raises StoreError."""

    def __init__(self, backend: Backend, owner: int) -> None:
        """Take it over; ``open_store`` is the way to one that is fit for use."""
        self._backend = backend
        self._owner = owner

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database."""
        with self._transaction(self._backend.reader) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept as a whole, on the disk, when the block ends; else not at all."""
        with self._transaction(self._backend.writer) as connection:
            yield connection

    @property
    def place(self) -> str:
        """What errors and the log call it."""
        return self._backend.place

    def announce(self) -> None:
        """Let others see that this sidecar is alive, before and while it works in the background."""
        with self._readable_errors():
            self._backend.announce(self._owner)

    def prepare(self) -> None:
        """Create or migrate what is there, so that it has the newest schema."""
        self.announce()
        with self.writing() as connection:
            self._backend.enter(connection)
            bring_up_to_date(connection, self._backend, self._owner)
        with self._readable_errors():
            self._backend.settle()

    def close(self) -> None:
        self._backend.close()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        with self._readable_errors(), engine.begin() as connection:
            yield connection

    @contextmanager
    def _readable_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise StoreError(self._backend.explain(error.orig or error)) from error
        except (sqlite3.Error, psycopg.Error, PoolTimeoutError) as error:
            raise StoreError(self._backend.explain(error)) from error


def open_file(path: Path, owner: int | None = None) -> Store:
    """Open a SQLite file at the newest schema: created when it is not there, else brought forward.

    Raises:
        StoreError: it cannot be used; then nothing in it has been changed.
    """
    if not path.parent.is_dir():
        # Made here, it would lie in the container's own layer and be gone with the next image.
        raise StoreError(f"{path}: the folder {path.parent} does not exist; mount it, or set DATA_DIR")
    return open_store(SqliteBackend(path), owner)


def open_store(backend: Backend, owner: int | None = None) -> Store:
    """Open a database at the newest schema.

    Args:
        owner: this sidecar's number, see ``owners``.

    Raises:
        StoreError: as ``open_file``.
    """
    store = Store(backend, owner if owner is not None else new_owner())
    try:
        store.prepare()
    except BaseException:
        store.close()
        raise
    return store
