"""What becomes of a target that is recommended once, again, and after the user has decided about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from stash_sense.library import dismissals, recommendations
from stash_sense.library.recommendation import Draft, Outcome
from stash_sense.library.store import open_file
from tests.library.old_files import SCHEMAS, write_old_file

KIND = "duplicate_scene_files"
DRAFT = Draft("scene", "301", {"files": [{"id": "5"}, {"id": "6"}]}, 1.0)
CHANGED = Draft("scene", "301", {"files": [{"id": "5"}, {"id": "7"}]}, 1.0)
NEWER = Draft("scene", "301", {"files": [{"id": "5"}, {"id": "7"}]}, 1.0, reopens=True)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    store = open_file(tmp_path / "stash_sense.db")
    with store.writing() as opened:
        yield opened
    store.close()


def recommend(connection: Connection, draft: Draft) -> Outcome:
    return recommendations.recommend(connection, KIND, draft)


def state(connection: Connection) -> list[tuple[str, str]]:
    rows = connection.exec_driver_sql("SELECT status, details FROM recommendations")
    return [(row.status, row.details) for row in rows]


def resolve(connection: Connection, action: str) -> None:
    connection.exec_driver_sql(
        "UPDATE recommendations SET status = 'resolved', resolution_action = ?", (action,)
    )


def test_a_target_is_recommended_once_and_then_kept_up_to_date(connection: Connection) -> None:
    outcomes = [recommend(connection, draft) for draft in (DRAFT, DRAFT, CHANGED)]
    assert outcomes == [Outcome.CREATED, Outcome.UNCHANGED, Outcome.UPDATED]
    ((status, details),) = state(connection)
    assert status == "pending"
    assert '"7"' in details


def test_what_the_user_has_resolved_comes_back_only_when_it_has_changed(connection: Connection) -> None:
    recommend(connection, DRAFT)
    resolve(connection, "kept_both")
    assert recommend(connection, DRAFT) is Outcome.UNCHANGED
    assert state(connection)[0][0] == "resolved"
    assert recommend(connection, CHANGED) is Outcome.CREATED
    assert state(connection)[0][0] == "pending"


def test_what_has_no_cause_any_more_is_resolved_and_comes_back_with_its_cause(connection: Connection) -> None:
    recommend(connection, DRAFT)
    assert recommendations.without_cause(connection, KIND, "scene", {"301"}) == []
    gone = recommendations.without_cause(connection, KIND, "scene", set())
    assert recommendations.retire(connection, gone) == 1
    assert state(connection)[0][0] == "resolved"
    assert recommend(connection, DRAFT) is Outcome.CREATED
    assert state(connection)[0][0] == "pending"


def test_what_the_user_decides_before_it_is_retired_stays_as_decided(connection: Connection) -> None:
    recommend(connection, DRAFT)
    gone = recommendations.without_cause(connection, KIND, "scene", set())
    resolve(connection, "kept_both")
    assert recommendations.retire(connection, gone) == 0
    action = connection.exec_driver_sql("SELECT resolution_action FROM recommendations").scalar()
    assert action == "kept_both"


@pytest.mark.parametrize("draft", [DRAFT, CHANGED, NEWER])
def test_a_target_that_was_dismissed_for_good_is_never_recommended_again(
    connection: Connection, draft: Draft
) -> None:
    dismissals.save(connection, KIND, "scene", "301", reason=None, permanent=True)
    assert recommend(connection, draft) is Outcome.DISMISSED
    assert state(connection) == []


def test_a_target_that_was_dismissed_for_now_comes_back_with_something_newer(connection: Connection) -> None:
    dismissals.save(connection, KIND, "scene", "301", reason="later", permanent=False)
    assert recommend(connection, CHANGED) is Outcome.DISMISSED
    assert recommend(connection, NEWER) is Outcome.CREATED
    assert dismissals.of_targets(connection, KIND, "scene", ["301"]) == {}


def test_a_dismissal_holds_for_its_analysis_only(connection: Connection) -> None:
    dismissals.save(connection, "duplicate_scenes", "scene", "301", reason=None, permanent=True)
    assert recommend(connection, DRAFT) is Outcome.CREATED


def test_many_are_recommended_as_they_would_be_one_by_one(connection: Connection) -> None:
    others = [Draft("scene", str(number), {"files": []}) for number in range(400, 1100)]
    recommend(connection, others[0])
    dismissals.save(connection, KIND, "scene", "401", reason=None, permanent=True)
    drafts = [DRAFT, *others, CHANGED, Draft("performer", "301", {}), CHANGED]
    outcomes = recommendations.recommend_all(connection, KIND, drafts)
    assert outcomes[:4] == [Outcome.CREATED, Outcome.UNCHANGED, Outcome.DISMISSED, Outcome.CREATED]
    assert outcomes[-3:] == [Outcome.UPDATED, Outcome.CREATED, Outcome.UNCHANGED]
    assert outcomes.count(Outcome.CREATED) == 700
    assert len(state(connection)) == 701


def test_targets_that_an_old_file_knows_by_numbers_are_recognised(tmp_path: Path) -> None:
    store = open_file(write_old_file(tmp_path / "old.db", SCHEMAS[0], target_id="INTEGER"))
    drafts = [Draft("performer", number, {}) for number in ("17", "44", "45")]
    with store.writing() as connection:
        outcomes = recommendations.recommend_all(connection, "duplicate_performer", drafts)
    store.close()
    assert outcomes == [Outcome.UPDATED, Outcome.DISMISSED, Outcome.CREATED]
