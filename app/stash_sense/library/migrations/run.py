"""Carries a database through Alembic's revisions.

``schema_version`` alone says where a database is, as in the files that users already have: a table of
Alembic's own beside it could come to say something else.
"""

from __future__ import annotations

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

FIRST = 1
"""The schema before the first revision; a revision's id is the number of the schema that it makes."""


def revisions() -> list[Script]:
    """All of them, oldest first."""
    return list(ScriptDirectory(str(Path(__file__).parent)).walk_revisions())[::-1]


def migrate(connection: Connection, version: int) -> None:
    """Apply every revision after ``version``, within the caller's transaction."""
    with Operations.context(MigrationContext.configure(connection)):
        for revision in revisions():
            if int(revision.revision) > version:
                revision.module.upgrade()
