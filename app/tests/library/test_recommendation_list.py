"""The list of recommendations is read in its order, not sorted each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from stash_sense.library import recommendation_list
from stash_sense.library.recommendation_list import Wanted
from stash_sense.library.store import open_file
from tests.library.old_files import SCHEMAS, write_old_file


def plans(connection: Connection, wanted: Wanted) -> list[str]:
    """How SQLite goes about the page's statements: a line for each step."""
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    recommendation_list.page(connection, wanted, 100, 0)
    event.remove(connection, "before_cursor_execute", note)
    return [
        " / ".join(
            str(step[-1])
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        )
        for statement, parameters in asked
    ]


@pytest.mark.parametrize("schema", [None, *SCHEMAS])
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(), "recommendations_by_age"),
        (Wanted(status="pending"), "recommendations_by_status_age"),
        (Wanted(type="duplicate_scenes"), "recommendations_by_type_age"),
        (Wanted("pending", "duplicate_scenes"), "recommendations_by_type_status_age"),
        (Wanted("pending", "duplicate_scenes", "scene"), "recommendations_by_type_status_age"),
    ],
)
def test_every_filter_of_the_list_has_an_index_in_the_list_s_order(
    tmp_path: Path, schema: int | None, wanted: Wanted, index: str
) -> None:
    path = tmp_path / "stash_sense.db"
    if schema is not None:
        write_old_file(path, schema)
    store = open_file(path)
    with store.reading() as connection:
        page, _ = plans(connection, wanted)
    store.close()
    assert f"USING INDEX {index}" in page
    assert "TEMP B-TREE" not in page
