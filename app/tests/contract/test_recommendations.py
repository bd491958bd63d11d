"""The contract's third table: recommendations, listed and dealt with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.analyses import completed_run, pending
from tests.contract.plugin import Plugin
from tests.contract.recommendation_shapes import COUNTS, DETAILS, LISTING, RECOMMENDATION
from tests.contract.rows import shows
from tests.contract.shapes import check
from tests.contract.world import add_twin, new_performer_id
from tests.support.stash_server import StashServer

# In a database of the tests' own no id is as high.
NO_ID = 2_000_000


@pytest.fixture
def twins(plugin: Plugin, stash: StashServer) -> list[dict[str, Any]]:
    """Pending recommendations of three pairs of performers who are one, made anew for each test."""
    first = new_performer_id(stash)
    for number in range(first, first + 6):
        add_twin(stash, str(number), pair=(number - first) // 2 + first)
    completed_run(plugin, "duplicate_performer")
    ids = {str(number) for number in range(first, first + 6)}
    found = [known for known in pending(plugin, "duplicate_performer") if known["target_id"] in ids]
    assert len(found) == 3
    return found


def status_of(plugin: Plugin, recommendation: dict[str, Any]) -> str:
    status: str = plugin.get(f"/recommendations/{recommendation['id']}")["status"]
    return status


@shows("GET /recommendations")
def test_recommendations_are_listed_newest_first_and_paged(
    plugin: Plugin, twins: list[dict[str, Any]]
) -> None:
    everything = plugin.get("/recommendations", limit=1000)
    check(everything, LISTING)
    ids = [known["id"] for known in everything["recommendations"]]
    assert everything["total"] == len(ids) >= 3
    assert ids == sorted(ids, reverse=True)
    page = plugin.get("/recommendations", limit=2, offset=1)
    assert ([known["id"] for known in page["recommendations"]], page["total"]) == (ids[1:3], len(ids))
    for known in everything["recommendations"]:
        check(known["details"], DETAILS[known["type"]], f"details of {known['type']}")


@shows("GET /recommendations")
def test_recommendations_are_filtered(plugin: Plugin, twins: list[dict[str, Any]]) -> None:
    wanted = {"status": "pending", "type": "duplicate_performer", "target_type": "performer"}
    listing = plugin.get("/recommendations", **wanted)
    assert listing["total"] >= 3
    for known in listing["recommendations"]:
        assert known == known | wanted
    assert plugin.get("/recommendations", type="duplicate_performer", target_type="scene")["total"] == 0


@shows("GET /recommendations/counts")
def test_recommendations_are_counted_by_type_and_status(plugin: Plugin, twins: list[dict[str, Any]]) -> None:
    before = plugin.get("/recommendations/counts")
    check(before, COUNTS)
    plugin.post(f"/recommendations/{twins[0]['id']}/dismiss")
    after = plugin.get("/recommendations/counts")
    was, now = (answer["counts"]["duplicate_performer"] for answer in (before, after))
    assert now["pending"] == was["pending"] - 1
    assert now["dismissed"] == was.get("dismissed", 0) + 1
    assert after["total_pending"] == before["total_pending"] - 1


@shows("GET /recommendations/{id}")
def test_one_recommendation_is_shown(plugin: Plugin, twins: list[dict[str, Any]]) -> None:
    shown = plugin.get(f"/recommendations/{twins[0]['id']}")
    check(shown, RECOMMENDATION)
    assert shown == twins[0]
    assert shown["confidence"] == 1
    check(shown["details"], DETAILS["duplicate_performer"])


@shows("POST /recommendations/{id}/resolve")
def test_a_recommendation_is_resolved(plugin: Plugin, twins: list[dict[str, Any]]) -> None:
    body = {"action": "merged", "details": {"kept": "1"}}
    assert plugin.post(f"/recommendations/{twins[0]['id']}/resolve", body) == {"success": True}
    assert plugin.post(f"/recommendations/{twins[1]['id']}/resolve", {"action": "merged"}) == {
        "success": True
    }
    assert [status_of(plugin, known) for known in twins] == ["resolved", "resolved", "pending"]
    assert plugin.refusal("POST", f"/recommendations/{twins[2]['id']}/resolve", json={}).status == 422


@shows("POST /recommendations/{id}/dismiss")
@pytest.mark.parametrize("body", [None, {}, {"reason": "they are twins"}])
def test_a_dismissed_target_is_never_recommended_again(
    plugin: Plugin, twins: list[dict[str, Any]], body: dict[str, str] | None
) -> None:
    assert plugin.post(f"/recommendations/{twins[0]['id']}/dismiss", body) == {"success": True}
    completed_run(plugin, "duplicate_performer", full=True)
    assert status_of(plugin, twins[0]) == "dismissed"
    targets = {known["target_id"] for known in pending(plugin, "duplicate_performer")}
    assert twins[0]["target_id"] not in targets
    assert twins[1]["target_id"] in targets


@shows("POST /recommendations/{id}/dismiss-upstream")
@pytest.mark.parametrize("body", [None, {}, {"reason": "later"}, {"permanent": True}])
def test_an_upstream_change_is_dismissed_for_now_or_for_good(
    plugin: Plugin, twins: list[dict[str, Any]], body: dict[str, Any] | None
) -> None:
    answer = plugin.post(f"/recommendations/{twins[0]['id']}/dismiss-upstream", body)
    check(answer, {"success": bool, "permanent": bool})
    assert answer == answer | {"success": True, "permanent": bool(body and body.get("permanent"))}
    assert status_of(plugin, twins[0]) == "dismissed"


@shows(
    "GET /recommendations/{id}",
    "POST /recommendations/{id}/resolve",
    "POST /recommendations/{id}/dismiss",
    "POST /recommendations/{id}/dismiss-upstream",
)
@pytest.mark.parametrize(
    ("method", "action"),
    [("GET", ""), ("POST", "/resolve"), ("POST", "/dismiss"), ("POST", "/dismiss-upstream")],
)
def test_a_recommendation_that_there_is_not_is_a_404(plugin: Plugin, method: str, action: str) -> None:
    body = None if method == "GET" else {"action": "merged"}
    assert plugin.refusal(method, f"/recommendations/{NO_ID}{action}", json=body).status == 404
