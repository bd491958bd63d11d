"""A PostgreSQL database takes the place of a file: what the file held is there, of whatever schema it was."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from stash_sense.library import recommendations, scene_fingerprints
from stash_sense.library.library import Library
from stash_sense.library.recommendation import Draft, Outcome
from stash_sense.library.schema import metadata
from tests.library.old_files import SCHEMAS, rows_of, write_old_file
from tests.support.postgres import PostgresServer

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.new_database()


def everything(connection: Connection) -> Rows:
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in metadata.sorted_tables
    }


def plain(rows: Rows) -> Rows:
    """As SQLite stores it: JSON as text in one form, flags as numbers, ids as texts."""
    return {
        table: sorted(({name: _plain(name, value) for name, value in row.items()} for row in kept), key=str)
        for table, kept in rows.items()
    }


def _plain(name: str, value: Any) -> Any:
    if name in ("details", "resolution_details", "config", "value", "upstream_data") and value is not None:
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(value, bool):
        return int(value)
    return str(value) if name == "stash_scene_id" else value


@pytest.mark.parametrize("schema", SCHEMAS)
async def test_every_row_is_carried_over_and_the_file_stays(tmp_path: Path, url: str, schema: int) -> None:
    file = write_old_file(tmp_path / "stash_sense.db", schema)
    library = Library(tmp_path, url)
    after = plain(await library.reading(everything))
    await library.stop()
    before = plain(rows_of(file))
    for table in before.keys() - {"background_jobs"}:
        assert after[table] == before[table], table
    assert after["recommendations"]
    assert after["scene_fingerprint_faces"]


async def test_new_rows_are_numbered_after_the_old_ones_and_a_second_start_copies_nothing(
    tmp_path: Path, url: str
) -> None:
    write_old_file(tmp_path / "stash_sense.db", 6)
    for target in ("900", "901"):
        library = Library(tmp_path, url)
        outcome = await library.writing(
            lambda connection, target=target: recommendations.recommend(
                connection, "duplicate_scenes", Draft("scene", target, {})
            )
        )
        assert outcome is Outcome.CREATED
        await library.stop()
    library = Library(tmp_path, url)
    kept = (await library.reading(everything))["recommendations"]
    assert sorted(row["id"] for row in kept) == [4, 9, 11, 12, 13]
    await library.stop()


async def test_what_loose_tables_let_through_is_put_right(tmp_path: Path, url: str) -> None:
    file = write_old_file(tmp_path / "stash_sense.db", 6)
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "UPDATE recommendations SET source_analysis_id = 77 WHERE id = 4;"
            "UPDATE recommendation_settings SET enabled = NULL;"
            "UPDATE analysis_runs SET items_processed = NULL WHERE id = 3;"
            "INSERT INTO scene_fingerprint_faces (fingerprint_id, performer_id, face_count) "
            "VALUES (88, 'x', 1);"
        )
    library = Library(tmp_path, url)
    rows = await library.reading(everything)
    assert {row["id"]: row["source_analysis_id"] for row in rows["recommendations"]}[4] is None
    assert [row["enabled"] for row in rows["recommendation_settings"]] == [True]
    assert {row["id"]: row["items_processed"] for row in rows["analysis_runs"]}[3] == 0
    assert [row["performer_id"] for row in rows["scene_fingerprint_faces"]] != ["x"]
    found = await library.reading(lambda connection: scene_fingerprints.find(connection, "301"))
    assert found is not None
    assert found.total_faces == 12
    await library.stop()


async def test_a_file_that_cannot_be_read_leaves_the_database_empty_and_is_named(
    tmp_path: Path, postgres: PostgresServer, url: str
) -> None:
    file = tmp_path / "stash_sense.db"
    file.write_bytes(b"damaged" * 1000)
    library = Library(tmp_path, url)
    reason = await library.save_scene(scene_fingerprints.SceneFingerprint("1", 0, 1, None, ()))
    assert reason is not None
    assert str(file) in reason
    await library.stop()
    with postgres.connection(url.rpartition("/")[2]) as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone() == (0,)
