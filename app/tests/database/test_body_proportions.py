"""What ``performers.db`` says of bodies."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from stash_sense.database.performers_db import read_shoulder_hip_ratios


def performers_db(
    path: Path, ids: list[tuple[int, str, str]], rows: list[tuple[int, object, object]]
) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE stashbox_ids (performer_id, endpoint, stashbox_performer_id)")
        connection.execute(
            "CREATE TABLE body_proportions (performer_id, shoulder_hip_ratio, leg_torso_ratio, "
            "arm_span_height_ratio, confidence)"
        )
        connection.executemany("INSERT INTO stashbox_ids VALUES (?, ?, ?)", ids)
        connection.executemany("INSERT INTO body_proportions VALUES (?, ?, NULL, NULL, ?)", rows)
    return path


def test_of_several_rows_the_most_confident_counts(tmp_path: Path) -> None:
    path = performers_db(
        tmp_path / "p.db",
        [(1, "stashdb", "a"), (2, "stashdb", "b")],
        [(1, 1.4, 0.5), (1, 1.6, 0.9), (1, 1.5, None), (2, 1.2, None)],
    )
    assert read_shoulder_hip_ratios(path) == {"stashdb.org:a": 1.6, "stashdb.org:b": 1.2}


def test_a_row_without_a_usable_ratio_does_not_stand_before_one_that_has_one(tmp_path: Path) -> None:
    path = performers_db(
        tmp_path / "p.db",
        [(1, "stashdb", "a"), (2, "stashdb", "b"), (3, "stashdb", "c")],
        [(1, None, 0.9), (1, 1.4, 0.1), (2, 0, 0.9), (2, "wide", 0.9), (2, -1, 0.9), (3, 9e999, 0.9)],
    )
    assert read_shoulder_hip_ratios(path) == {"stashdb.org:a": 1.4}


def test_a_performer_of_several_stash_boxes_is_found_under_each_id(tmp_path: Path) -> None:
    ids = [(1, "stashdb", "a"), (1, "theporndb", "7"), (1, "fansdb", "x"), (1, "elsewhere", "y")]
    path = performers_db(tmp_path / "p.db", ids, [(1, 1.5, 1)])
    assert read_shoulder_hip_ratios(path) == {
        "stashdb.org:a": 1.5,
        "theporndb.net:7": 1.5,
        "fansdb.cc:x": 1.5,
    }


def test_an_older_database_without_the_table_is_an_error_that_names_it(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "p.db")) as connection, connection:
        connection.execute("CREATE TABLE stashbox_ids (performer_id, endpoint, stashbox_performer_id)")
    with pytest.raises(sqlite3.Error, match="body_proportions"):
        read_shoulder_hip_ratios(tmp_path / "p.db")
