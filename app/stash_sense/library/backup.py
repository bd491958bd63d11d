"""Copies of ``stash_sense.db``: made while a sidecar uses it, proven, and put back in its place."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stash_sense.checksums import sha256_of
from stash_sense.library.errors import StoreError
from stash_sense.library.schema import SCHEMA

KEPT_ASIDE: Final = 3
"""So many databases that a restored one has replaced stay beside it."""

_ASIDE: Final = ".before-"
_COMPANIONS: Final = ("-wal", "-shm", "-journal")
_DAMAGED: Final = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
_BUSY: Final = ("SQLITE_BUSY", "SQLITE_LOCKED")
_IN_USE: Final = "a sidecar uses it; stop it first"


@dataclass(frozen=True)
class Copy:
    """A proven file: whole, and the sidecar's.

    Attributes:
        path: the file.
        sha256: lower-case hex.
        size: in bytes.
        schema: the number in its ``schema_version``.
    """

    path: Path
    sha256: str
    size: int
    schema: int


def prove(path: Path) -> Copy:
    """Read all of a database file.

    Raises:
        StoreError: it is missing, damaged, not the sidecar's, or of a schema that is not known here.
    """
    with _opened(path) as connection:
        said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
        if said != ["ok"]:
            raise StoreError(f"{path}: it is damaged ({'; '.join(said)}); take another backup")
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        found = None
        if "schema_version" in tables:
            (found,) = connection.execute("SELECT MAX(version) FROM schema_version").fetchone()
    if not isinstance(found, int) or found < 1:
        raise StoreError(f"{path}: not the sidecar's database: it has no schema_version; name another file")
    if found > SCHEMA:
        raise StoreError(
            f"{path}: schema {found} is newer than {SCHEMA}, the newest known here; update the sidecar first"
        )
    return Copy(path, sha256_of(path), path.stat().st_size, found)


def back_up(database: Path, out: Path) -> Copy:
    """Copy one state of ``database`` to ``out``, whoever writes meanwhile, and prove the copy.

    ``out`` is there as a whole or not at all, and only its owner can read it.

    Raises:
        StoreError: there is none, it cannot be read, or ``out`` cannot be written.
    """
    incoming = out.with_name(f"{out.name}.incoming")
    with _explained(out):
        incoming.unlink(missing_ok=True)
        os.close(os.open(incoming, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with _opened(database) as source, closing(sqlite3.connect(incoming)) as target:
            # In one step: between two, a writer would make it begin anew.
            source.backup(target)
            # One file that needs no other beside it.
            target.execute("PRAGMA journal_mode = DELETE")
        copy = prove(incoming)
        with _explained(out):
            _write_through(incoming)
            incoming.replace(out)
    finally:
        _unlink(incoming)
    return Copy(out, copy.sha256, copy.size, copy.schema)


def restore(source: Path, database: Path, stamp: str) -> Path | None:
    """Put a proven ``source`` in the place of ``database``, which no sidecar may be using.

    At every moment ``database`` is the old file or the new one, each as a whole.

    Args:
        stamp: letters and digits that name what was there: ``stash_sense.db.before-STAMP``.

    Returns:
        The file that was there; None when there was none.

    Raises:
        StoreError: ``source`` is not fit, or a sidecar runs; then nothing has changed.
    """
    prove(source)
    aside = database.with_name(f"{database.name}{_ASIDE}{stamp}")
    incoming = database.with_name(f"{database.name}.incoming")
    with _explained(database):
        shutil.copyfile(source, incoming)
        try:
            before = _set_aside(database, aside) if database.exists() else None
            _like(incoming, before)
            _write_through(incoming)
            incoming.replace(database)
        finally:
            _unlink(incoming)
        for old in sorted(database.parent.glob(f"{database.name}{_ASIDE}*[0-9A-Za-z]"))[:-KEPT_ASIDE]:
            _unlink(old)
    return before


def put_back(aside: Path, database: Path) -> None:
    """Undo ``restore``: what was there is there again. No sidecar may be using ``database``.

    Raises:
        StoreError: ``aside`` is not there.
    """
    with _explained(aside):
        aside.stat()
        for suffix in _COMPANIONS:
            Path(f"{database}{suffix}").unlink(missing_ok=True)
        aside.replace(database)


def _set_aside(database: Path, aside: Path) -> Path:
    """Give the file a second name, without anything beside it that the new one could be mixed with."""
    try:
        with _opened(database) as connection:
            # Brings what only the log has into the file; fails while anybody else has it open.
            (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except StoreError as error:
        if not _is(error.__cause__, _DAMAGED):
            raise
        # It is kept as it is, with what belongs to it.
        mode = "delete"
        for suffix in _COMPANIONS:
            with suppress(FileNotFoundError):
                Path(f"{database}{suffix}").replace(f"{aside}{suffix}")
    if mode != "delete":
        raise StoreError(f"{database}: {_IN_USE}")
    os.link(database, aside)
    return aside


def _like(path: Path, example: Path | None) -> None:
    """The mode and owner of the file that it replaces."""
    if example is None:
        return
    stat = example.stat()
    path.chmod(stat.st_mode & 0o777)
    if (stat.st_uid, stat.st_gid) != (os.geteuid(), os.getegid()):
        os.chown(path, stat.st_uid, stat.st_gid)


def _write_through(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _unlink(path: Path) -> None:
    for suffix in ("", *_COMPANIONS):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """An existing file, never made here. Raises StoreError."""
    if not path.is_file():
        raise StoreError(f"{path}: there is no such file; see DATA_DIR")
    with _explained(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as found:
        yield found


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        remedy = (
            _IN_USE
            if _is(error, _BUSY)
            else "it is damaged; take another backup"
            if _is(error, _DAMAGED)
            else "see the disk and its permissions"
        )
        raise StoreError(f"{path}: {' '.join(str(error).split())}; {remedy}") from error


def _is(error: BaseException | None, names: tuple[str, ...]) -> bool:
    return str(getattr(error, "sqlite_errorname", "")).startswith(names)
