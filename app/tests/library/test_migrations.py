"""Whatever an earlier sidecar wrote is brought along, whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from stash_sense.library import schema
from stash_sense.library.errors import StoreError
from stash_sense.library.migrations.run import FIRST, revisions
from stash_sense.library.store import open_file
from tests.library.old_files import SCHEMAS, rows_of, value_of, write_old_file


def shape(path: Path) -> dict[str, Any]:
    """Columns, and what is unique, of each table."""
    store = open_file(path)
    try:
        with store.reading() as connection:
            seen = inspect(connection)
            return {
                table: (
                    sorted(column["name"] for column in seen.get_columns(table)),
                    sorted(seen.get_pk_constraint(table)["constrained_columns"]),
                    sorted(sorted(unique["column_names"]) for unique in seen.get_unique_constraints(table)),
                )
                for table in seen.get_table_names()
            }
    finally:
        store.close()


@pytest.mark.parametrize("version", SCHEMAS)
def test_every_row_of_an_earlier_schema_is_unchanged(tmp_path: Path, version: int) -> None:
    path = write_old_file(tmp_path / "stash_sense.db", version)
    before = rows_of(path)
    open_file(path).close()
    after = rows_of(path)
    assert all(before.values())
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        assert kept == rows, table
    assert value_of(path, "SELECT version FROM schema_version") == schema.SCHEMA


@pytest.mark.parametrize("version", SCHEMAS)
def test_an_earlier_schema_ends_up_as_a_new_file_is(tmp_path: Path, version: int) -> None:
    assert shape(write_old_file(tmp_path / "old.db", version)) == shape(tmp_path / "new.db")


def test_the_settings_table_comes_with_its_first_value(tmp_path: Path) -> None:
    path = write_old_file(tmp_path / "stash_sense.db", 4)
    open_file(path).close()
    query = "SELECT value FROM user_settings WHERE key = 'normalize_enum_display'"
    assert value_of(path, query) == "true"


def test_an_older_dismissal_is_not_for_good(tmp_path: Path) -> None:
    path = write_old_file(tmp_path / "stash_sense.db", 3)
    open_file(path).close()
    assert [row["permanent"] for row in rows_of(path)["dismissed_targets"]] == [0, 0]


def test_a_row_for_each_step_in_schema_version_counts_as_the_highest(tmp_path: Path) -> None:
    path = write_old_file(tmp_path / "stash_sense.db", 4)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("INSERT INTO schema_version VALUES (2), (3);")
    open_file(path).close()
    assert value_of(path, "SELECT version FROM schema_version") == schema.SCHEMA


def test_what_a_killed_sidecar_left_of_the_next_schema_is_no_obstacle(tmp_path: Path) -> None:
    path = write_old_file(tmp_path / "stash_sense.db", 4)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE schema_version SET version = 2")
        connection.commit()
    before = rows_of(path)
    open_file(path).close()
    after = rows_of(path)
    assert {table: after[table] for table in before} == before


def test_a_migration_that_cannot_be_finished_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = write_old_file(tmp_path / "stash_sense.db", 3)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE analysis_watermarks")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="says schema 3 and lacks analysis_watermarks"):
        open_file(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["stash_sense.db"]


def test_there_is_a_revision_for_each_number_up_to_the_newest() -> None:
    assert [int(revision.revision) for revision in revisions()] == list(range(FIRST + 1, schema.SCHEMA + 1))
