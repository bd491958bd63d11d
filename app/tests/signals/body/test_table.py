from __future__ import annotations

from stash_sense.database.load import load_database
from stash_sense.signals.body.table import read_table
from tests.database.release import Release


def test_an_older_database_without_the_table_has_a_problem_that_names_it(release: Release) -> None:
    release.write_tables_without("body_proportions")
    release.seal()
    table = read_table(load_database(release.directory))
    assert table.ratios == {}
    assert table.problem is not None
    assert "no such table: body_proportions" in table.problem


def test_an_empty_table_is_a_problem_too_for_there_is_nobody_to_compare_with(release: Release) -> None:
    table = read_table(load_database(release.directory))
    assert table.problem is not None
    assert "of anybody" in table.problem
