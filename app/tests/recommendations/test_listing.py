"""Recommendations over HTTP: listed, filtered, counted, decided about; on both kinds of database."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.recommendations.support import double_scenes, recommended, run_to_its_end
from tests.support.stash_server import StashPerformer, StashServer

BOX = "https://stashdb.org/graphql"


def test_an_empty_list_is_a_normal_answer(api: httpx.Client) -> None:
    assert api.get("/recommendations").json() == {"recommendations": [], "total": 0}
    assert api.get("/recommendations/counts").json() == {"counts": {}, "total_pending": 0}


def test_a_recommendation_has_the_contract_s_fields(api: httpx.Client, stash: StashServer) -> None:
    (number,) = recommended(api, stash, "7")
    (listed,) = api.get("/recommendations").json()["recommendations"]
    assert api.get(f"/recommendations/{number}").json() == listed
    assert listed | {"details": None, "created_at": None, "updated_at": None} == {
        "id": number,
        "type": "duplicate_scene_files",
        "status": "pending",
        "target_type": "scene",
        "target_id": "7",
        "details": None,
        "confidence": 1.0,
        "created_at": None,
        "updated_at": None,
    }
    assert listed["details"]["scene_title"] == "Scene 7"
    for moment in (listed["created_at"], listed["updated_at"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", moment)


def test_the_newest_come_first_and_the_total_is_of_all_pages(api: httpx.Client, stash: StashServer) -> None:
    numbers = recommended(api, stash, "1", "2", "3", "4", "5")
    page = api.get("/recommendations", params={"limit": 2, "offset": 1}).json()
    assert page["total"] == 5
    assert [one["id"] for one in page["recommendations"]] == [numbers[3], numbers[2]]
    beyond = api.get("/recommendations", params={"offset": 5}).json()
    assert (beyond["recommendations"], beyond["total"]) == ([], 5)


def test_they_can_be_filtered_and_are_counted_by_type_and_status(
    api: httpx.Client, stash: StashServer
) -> None:
    first, second, _ = recommended(api, stash, "1", "2", "3")
    stash.performers = {number: StashPerformer("Ann", stash_ids=[(BOX, "a")]) for number in ("1", "2")}
    assert run_to_its_end(api, "duplicate_performer")["recommendations_created"] == 1
    api.post(f"/recommendations/{first}/dismiss")
    api.post(f"/recommendations/{second}/resolve", json={"action": "deleted"})
    totals = {
        "status=pending": 2,
        "status=dismissed": 1,
        "status=resolved": 1,
        "type=duplicate_scene_files": 3,
        "type=duplicate_performer&status=pending": 1,
        "target_type=performer": 1,
        "type=astrology": 0,
        "status=&type=": 4,
    }
    assert {query: api.get(f"/recommendations?{query}").json()["total"] for query in totals} == totals
    assert api.get("/recommendations/counts").json() == {
        "counts": {
            "duplicate_performer": {"pending": 1},
            "duplicate_scene_files": {"dismissed": 1, "pending": 1, "resolved": 1},
        },
        "total_pending": 2,
    }


def test_what_is_dismissed_is_listed_as_such_and_never_recommended_again(
    api: httpx.Client, stash: StashServer
) -> None:
    (number,) = recommended(api, stash, "7")
    assert api.post(f"/recommendations/{number}/dismiss", json={"reason": "both are wanted"}).json() == {
        "success": True
    }
    stash.scenes["7"].files.pop()
    run_to_its_end(api)
    double_scenes(stash, "7")
    assert run_to_its_end(api)["recommendations_created"] == 0
    (listed,) = api.get("/recommendations").json()["recommendations"]
    assert (listed["id"], listed["status"]) == (number, "dismissed")


@pytest.mark.parametrize("body", [{}, {"json": {}}, {"json": None}, {"json": {"reason": None}}])
def test_a_dismissal_needs_no_body(api: httpx.Client, stash: StashServer, body: dict[str, object]) -> None:
    (number,) = recommended(api, stash, "7")
    assert api.post(f"/recommendations/{number}/dismiss", **body).json() == {"success": True}


def test_a_dismissal_until_something_changes_upstream_says_whether_it_is_for_good(
    api: httpx.Client, stash: StashServer
) -> None:
    first, second = recommended(api, stash, "1", "2")
    answer = api.post(f"/recommendations/{first}/dismiss-upstream", json={"reason": "later"})
    assert answer.json() == {"success": True, "permanent": False}
    answer = api.post(f"/recommendations/{second}/dismiss-upstream", json={"permanent": True})
    assert answer.json() == {"success": True, "permanent": True}
    assert api.post(f"/recommendations/{second}/dismiss-upstream").json() == {
        "success": True,
        "permanent": False,
    }
    assert api.get("/recommendations/counts").json()["counts"] == {"duplicate_scene_files": {"dismissed": 2}}


def test_what_is_resolved_stays_so_until_its_cause_changes(api: httpx.Client, stash: StashServer) -> None:
    (number,) = recommended(api, stash, "7")
    answer = api.post(
        f"/recommendations/{number}/resolve", json={"action": "kept", "details": {"kept": ["71", "72"]}}
    )
    assert answer.json() == {"success": True}
    assert run_to_its_end(api)["recommendations_created"] == 0
    assert api.get(f"/recommendations/{number}").json()["status"] == "resolved"
    stash.scenes["7"].files[1].size += 1
    assert run_to_its_end(api)["recommendations_created"] == 1
    assert api.get(f"/recommendations/{number}").json()["status"] == "pending"
    assert api.get("/recommendations").json()["total"] == 1


@pytest.mark.parametrize("number", ["99", "0", "-1", "99999999999999999999"])
def test_a_recommendation_that_is_not_there_is_a_404_with_a_sentence(api: httpx.Client, number: str) -> None:
    answers = [
        api.get(f"/recommendations/{number}"),
        api.post(f"/recommendations/{number}/resolve", json={"action": "done"}),
        api.post(f"/recommendations/{number}/dismiss"),
        api.post(f"/recommendations/{number}/dismiss-upstream"),
    ]
    for answer in answers:
        assert answer.status_code == 404
        assert answer.json()["detail"] == f"there is no recommendation {number}; reload the list"


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("limit=0", 1),
        ("limit=-5", 1),
        ("limit=10001", 3),
        ("limit=99999999999999999999", 3),
        ("offset=-1", 3),
        ("offset=99999999999999999999", 0),
    ],
)
def test_a_limit_or_an_offset_beyond_its_range_counts_as_the_nearest(
    api: httpx.Client, stash: StashServer, query: str, listed: int
) -> None:
    recommended(api, stash, "1", "2", "3")
    answer = api.get(f"/recommendations?{query}")
    assert answer.status_code == 200
    assert (len(answer.json()["recommendations"]), answer.json()["total"]) == (listed, 3)


def test_what_a_limit_beyond_its_range_counts_as_is_documented(api: httpx.Client) -> None:
    listing = api.get("/openapi.json").json()["paths"]["/recommendations"]["get"]
    said = {one["name"]: one.get("description", "") for one in listing["parameters"]}
    assert "below 1 counts as 1, above 10,000 as 10,000" in said["limit"]
    assert "below 0 counts as 0" in said["offset"]


@pytest.mark.parametrize("query", ["limit=x", "offset=x", "status=open"])
def test_a_query_that_makes_no_sense_is_told_what_is_allowed(api: httpx.Client, query: str) -> None:
    answer = api.get(f"/recommendations?{query}")
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == ["query", query.split("=", maxsplit=1)[0]]
    assert "should be" in problem["msg"]


def test_a_resolution_without_an_action_is_told_so(api: httpx.Client, stash: StashServer) -> None:
    (number,) = recommended(api, stash, "7")
    answer = api.post(f"/recommendations/{number}/resolve", json={})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "action"]
    assert api.get(f"/recommendations/{number}").json()["status"] == "pending"


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud83d"])
def test_text_that_cannot_be_kept_is_a_422(api: httpx.Client, stash: StashServer, text: str) -> None:
    (number,) = recommended(api, stash, "7")
    for path, name in (("dismiss", "reason"), ("dismiss-upstream", "reason"), ("resolve", "action")):
        answer = api.post(
            f"/recommendations/{number}/{path}",
            content=f'{{"{name}": "{text}"}}'.encode(),
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code == 422
        assert "cannot be kept; expected text" in answer.json()["detail"][0]["msg"]
    assert api.get("/recommendations?type=a%00b").status_code == 422
