"""The sidecar's database, open: transactions, and errors that its owner understands."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from stash_sense.library import sqlite
from stash_sense.library.errors import StoreError
from stash_sense.library.upkeep import bring_up_to_date

logger = logging.getLogger(__name__)


class Store:
    """Transactions on the database. Threads may share it; every call blocks."""

    def __init__(self, path: Path) -> None:
        """Borrow the file; ``open_store`` is the way to one that is fit for use."""
        self._path = path
        self._engine: Engine = sqlite.sqlite_engine(path)
        self._writer = self._engine.execution_options(**sqlite.WRITING)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database. Raises StoreError."""
        with self._readable_errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept as a whole, on the disk, when the block ends; else not at all.

        Raises StoreError.
        """
        with self._readable_errors(), self._writer.begin() as connection:
            yield connection

    def prepare(self) -> None:
        """Create or migrate what is there, so that it has the newest schema. Raises StoreError."""
        with self.writing() as connection:
            broken = sqlite.damage(connection)
            if broken is not None:
                raise StoreError(f"{self._path}: damaged ({broken}); {sqlite.DAMAGED_REMEDY}")
            bring_up_to_date(connection, str(self._path))
        # After the rest: a file that is refused stays as it is, to the byte.
        with self._readable_errors():
            mode = sqlite.switch_to_wal(self._engine)
        if mode != "wal":
            logger.warning("%s: its file system cannot do WAL; journal mode %s is slower", self._path, mode)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _readable_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise StoreError(sqlite.explain(self._path, error.orig or error)) from error
        except (sqlite3.Error, PoolTimeoutError) as error:
            raise StoreError(sqlite.explain(self._path, error)) from error


def open_store(path: Path) -> Store:
    """Open the database at the newest schema: created when it is not there, else brought forward.

    Raises:
        StoreError: it cannot be used; then nothing in it has been changed.
    """
    if not path.parent.is_dir():
        # Made here, it would lie in the container's own layer and be gone with the next image.
        raise StoreError(f"{path}: the folder {path.parent} does not exist; mount it, or set DATA_DIR")
    store = Store(path)
    try:
        store.prepare()
    except BaseException:
        store.close()
        raise
    return store
