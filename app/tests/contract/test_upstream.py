"""The contract's third table: what a stash-box has changed, from the finding to the user's answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.analyses import completed_run, ended, pending
from tests.contract.plugin import Plugin
from tests.contract.recommendation_shapes import DETAILS
from tests.contract.rows import shows
from tests.contract.shapes import check
from tests.contract.world import new_performer_id
from tests.support.stash_server import StashPerformer, StashServer
from tests.support.stashbox_server import BoxRecord, StashBoxServer

KIND = "upstream_performer_changes"


@pytest.fixture
def dora(plugin: Plugin, stash: StashServer, box: StashBoxServer) -> dict[str, Any]:
    """The recommendation about a performer who has moved, as the stash-box knows; a new one for each test."""
    number = new_performer_id(stash)
    uuid = f"00000000-0000-4000-8000-{number:012}"
    box.performers[uuid] = BoxRecord(f"Dora {number}", country="SE", updated="2025-06-01T00:00:00Z")
    local = StashPerformer(f"Dora {number}", country="NO", stash_ids=[(box.endpoint, uuid)])
    stash.performers[str(number)] = local
    completed_run(plugin, KIND, full=True)
    return about(plugin, str(number))[0]


def about(plugin: Plugin, performer_id: str) -> list[dict[str, Any]]:
    return [known for known in pending(plugin, KIND) if known["target_id"] == performer_id]


def move(box: StashBoxServer, recommendation: dict[str, Any], country: str, day: int) -> None:
    record = box.performers[recommendation["details"]["stash_box_id"]]
    record.country, record.updated = country, f"2025-07-{day:02}T00:00:00Z"


@shows("POST /recommendations/analysis/{type}/run")
def test_a_change_on_the_stash_box_is_recommended_with_both_values(
    box: StashBoxServer, dora: dict[str, Any]
) -> None:
    details = dora["details"]
    check(details, DETAILS[KIND])
    assert dora["target_type"] == "performer"
    assert (details["endpoint"], details["endpoint_name"]) == (box.endpoint, "The box")
    assert details["performer_id"] == dora["target_id"]
    (change,) = (change for change in details["changes"] if change["field"] == "country")
    assert (change["local_value"], change["upstream_value"]) == ("NO", "SE")
    assert change["merge_type"] == "simple"


@shows("POST /recommendations/{id}/dismiss-upstream")
@pytest.mark.parametrize("permanent", [False, True])
def test_a_later_change_reopens_what_was_dismissed_for_now_only(
    plugin: Plugin, box: StashBoxServer, dora: dict[str, Any], *, permanent: bool
) -> None:
    plugin.post(f"/recommendations/{dora['id']}/dismiss-upstream", {"permanent": permanent})
    completed_run(plugin, KIND, full=True)
    assert about(plugin, dora["target_id"]) == []
    move(box, dora, "DK", 1)
    completed_run(plugin, KIND, full=True)
    reopened = [
        known["details"]["changes"][0]["upstream_value"] for known in about(plugin, dora["target_id"])
    ]
    assert reopened == ([] if permanent else ["DK"])


@shows("POST /recommendations/actions/update-performer", "POST /recommendations/{id}/resolve")
def test_a_change_is_taken_over_and_the_recommendation_resolved(
    plugin: Plugin, stash: StashServer, dora: dict[str, Any]
) -> None:
    fields = {change["field"]: change["upstream_value"] for change in dora["details"]["changes"]}
    body = {"performer_id": dora["target_id"], "fields": fields}
    plugin.post("/recommendations/actions/update-performer", body)
    plugin.post(f"/recommendations/{dora['id']}/resolve", {"action": "updated"})
    assert stash.performers[dora["target_id"]].country == "SE"
    completed_run(plugin, KIND, full=True)
    assert about(plugin, dora["target_id"]) == []


@shows("POST /recommendations/analysis/{type}/run")
def test_a_stash_box_that_fails_fails_the_run_and_not_the_sidecar(
    plugin: Plugin, box: StashBoxServer, dora: dict[str, Any]
) -> None:
    key, box.api_key = box.api_key, "changed"
    try:
        started = plugin.post(f"/recommendations/analysis/{KIND}/run", full="true")
        path = f"/recommendations/analysis/runs/{started['run_id']}"
        run = ended(plugin, path, "running")
    finally:
        box.api_key = key
    assert run["status"] == "failed"
    assert "key" in run["error_message"]
    assert key not in run["error_message"]
