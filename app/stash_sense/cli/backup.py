"""``stash-sense backup-database`` and ``restore-database``: copies of what the sidecar remembers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from stash_sense.library import backup
from stash_sense.library.errors import StoreError
from stash_sense.library.library import FILE_NAME
from stash_sense.settings import Settings


def backup_database(
    out: Annotated[Path, typer.Argument(help="File to write; one that is there is replaced.")],
) -> None:
    """Copy stash_sense.db while the sidecar uses it, prove the copy, and tell its sha256 as JSON."""
    database = _database()
    try:
        _tell(backup.back_up(database, out))
    except StoreError as error:
        _refuse(str(error))


def restore_database(
    file: Annotated[Path, typer.Argument(help="A backup; with --put-back, what an earlier call set aside.")],
    check: Annotated[bool, typer.Option("--check", help="Only prove the file; change nothing.")] = False,
    put_back: Annotated[bool, typer.Option("--put-back", help="Undo: what was set aside is back.")] = False,
) -> None:
    """Put a backup in the place of stash_sense.db while no sidecar runs. What was there is kept beside it."""
    database = _database()
    try:
        if put_back:
            backup.put_back(file, database)
            typer.echo(json.dumps({"database": str(database)}))
            return
        copy = backup.prove(file)
        if check:
            _tell(copy)
            return
        aside = backup.restore(file, database, datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"))
        typer.echo(json.dumps({"database": str(database), "aside": str(aside) if aside else ""}))
    except StoreError as error:
        _refuse(str(error))


def _database() -> Path:
    settings = Settings.from_environment()
    if settings.database_url is not None:
        _refuse(
            "what the sidecar remembers is in PostgreSQL (DATABASE_URL), not in a file; a backup of it is "
            "the database server's matter: pg_dump and pg_restore"
        )
    return settings.data_dir / FILE_NAME


def _tell(copy: backup.Copy) -> None:
    typer.echo(
        json.dumps({"file": str(copy.path), "sha256": copy.sha256, "bytes": copy.size, "schema": copy.schema})
    )


def _refuse(reason: str) -> None:
    typer.echo(f"stash-sense: {reason}", err=True)
    raise typer.Exit(2)
