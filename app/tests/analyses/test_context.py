"""What an analysis is given to work with, where it has very many to report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, event

from stash_sense.analyses.base import AnalysisContext, Draft
from stash_sense.library import analysis_runs
from stash_sense.library.library import Library
from stash_sense.stash.client import StashClient

MANY = 2_300

Result = TypeVar("Result")


@dataclass(frozen=True)
class Writing:
    """One transaction: the rows that it changed, and the statements that it took."""

    rows: int
    statements: int


class WatchedLibrary(Library):
    """A library that counts."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self.writings: list[Writing] = []

    async def writing(self, fn: Callable[[Connection], Result]) -> Result:
        def watched(connection: Connection) -> Result:
            statements = 0

            def count(*_: Any) -> None:
                nonlocal statements
                statements += 1

            before = _rows_changed(connection)
            event.listen(connection, "before_cursor_execute", count)
            try:
                return fn(connection)
            finally:
                event.remove(connection, "before_cursor_execute", count)
                self.writings.append(Writing(_rows_changed(connection) - before, statements))

        return await super().writing(watched)


def _rows_changed(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


@pytest.fixture
async def watched(tmp_path: Path) -> WatchedLibrary:
    return WatchedLibrary(tmp_path)


async def test_very_many_are_retired_in_short_transactions_of_few_statements(
    client: StashClient, watched: WatchedLibrary
) -> None:
    run_id = await watched.writing(
        lambda connection: analysis_runs.begin(connection, "duplicate_scene_files")
    )
    context = AnalysisContext("duplicate_scene_files", run_id, client, watched)
    await context.recommend_all([Draft("scene", str(number), {}) for number in range(MANY)])
    watched.writings.clear()
    assert await context.retire("scene", {"7"}) == MANY - 1
    assert sum(writing.rows for writing in watched.writings) == MANY - 1
    assert max(writing.rows for writing in watched.writings) <= 1000
    assert max(writing.statements for writing in watched.writings) <= 2
    assert await context.retire("scene", {"7"}) == 0
    await watched.stop()
