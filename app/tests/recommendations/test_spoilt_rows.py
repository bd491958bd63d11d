"""A row that another program has spoilt is no reason to list nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.library.old_files import SCHEMAS, write_old_file
from tests.recommendations.conftest import NewApi


@pytest.mark.parametrize("stored", ["[]", '"text"', "null", "5", "", "{not JSON", b"\xff\xfe"])
def test_a_recommendation_whose_details_are_no_object_is_listed_with_none_and_named_in_the_log(
    tmp_path: Path, new_api: NewApi, caplog: pytest.LogCaptureFixture, stored: str | bytes
) -> None:
    file = write_old_file(tmp_path / "stash_sense.db", SCHEMAS[-1])
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE recommendations SET details = ? WHERE id = 9", (stored,))
        connection.commit()
    api = new_api()
    answer = api.get("/recommendations")
    assert answer.status_code == 200
    details = {one["id"]: one["details"] for one in answer.json()["recommendations"]}
    assert details == {4: {"endpoint": "https://stashdb.org/graphql"}, 9: {}, 11: {"files": []}}
    assert len([line for line in caplog.messages if "recommendation 9" in line]) == 1
    assert api.get("/recommendations/9").json()["details"] == {}
    assert api.post("/recommendations/9/dismiss").json() == {"success": True}
