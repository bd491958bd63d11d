"""The contract's third table: what the user lets the sidecar change in Stash."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.plugin import Plugin
from tests.contract.rows import shows
from tests.contract.shapes import check
from tests.support.stash_server import (
    StashFile,
    StashGallery,
    StashPerformer,
    StashPicture,
    StashScene,
    StashServer,
)

ACTIONS = "/recommendations/actions"


@pytest.fixture
def three(stash: StashServer) -> StashServer:
    """A performer under three names, each with content."""
    stash.performers |= {
        "801": StashPerformer("Berta", alias_list=["B."]),
        "802": StashPerformer("Bertha", alias_list=["b.", "Bee"]),
        "803": StashPerformer("Birte"),
    }
    stash.scenes |= {
        "801": StashScene(performer_ids=["802"]),
        "802": StashScene(performer_ids=["801", "803"]),
    }
    stash.images["801"] = StashPicture(b"", performer_ids=["802", "1"])
    stash.galleries["801"] = StashGallery(performer_ids=["803"])
    return stash


@shows("POST /recommendations/actions/merge-performers")
@pytest.mark.parametrize("fault", [None, "BulkImageUpdate", "PerformerUpdate", "PerformersDestroy"])
def test_performers_are_merged_also_after_a_failure_half_way(
    plugin: Plugin, three: StashServer, fault: str | None
) -> None:
    body = {"destination_id": "801", "source_ids": ["802", "803"]}
    if fault is not None:
        three.faults.graphql_error, three.faults.operations = "the database is locked", {fault}
        assert plugin.refusal("POST", f"{ACTIONS}/merge-performers", json=body).status == 502
        three.faults = type(three.faults)()
    answer = plugin.post(f"{ACTIONS}/merge-performers", body)
    check(answer, {"success": bool, "merged_into": {"id": str, "name": str}})
    assert answer == answer | {"success": True, "merged_into": {"id": "801", "name": "Berta"}}
    assert three.performers.keys() & {"801", "802", "803"} == {"801"}
    assert three.scenes["801"].performer_ids == three.scenes["802"].performer_ids == ["801"]
    assert set(three.images["801"].performer_ids) == {"801", "1"}
    assert three.galleries["801"].performer_ids == ["801"]
    assert sorted(alias.lower() for alias in three.performers["801"].alias_list) == [
        "b.",
        "bee",
        "bertha",
        "birte",
    ]


@shows("POST /recommendations/actions/merge-performers")
@pytest.mark.parametrize(("destination", "sources"), [("801", ["801"]), ("801", []), ("4711", ["802"])])
def test_a_merge_that_makes_no_sense_is_refused(
    plugin: Plugin, three: StashServer, destination: str, sources: list[str]
) -> None:
    body = {"destination_id": destination, "source_ids": sources}
    assert plugin.refusal("POST", f"{ACTIONS}/merge-performers", json=body).status in (400, 404, 422)
    assert three.performers.keys() >= {"801", "802", "803"}


@pytest.fixture
def with_files(stash: StashServer) -> StashScene:
    stash.scenes["810"] = StashScene("Files", [StashFile(str(n), f"/films/{n}.mp4") for n in (811, 812, 813)])
    return stash.scenes["810"]


def deletion(**other: Any) -> dict[str, Any]:
    return {
        "scene_id": "810",
        "file_ids_to_delete": ["811", "813"],
        "keep_file_id": "812",
        "all_file_ids": ["811", "812", "813"],
        **other,
    }


@shows("POST /recommendations/actions/delete-scene-files")
def test_files_are_deleted_after_the_keeper_has_become_the_primary_one(
    plugin: Plugin, stash: StashServer, with_files: StashScene
) -> None:
    answer = plugin.post(f"{ACTIONS}/delete-scene-files", deletion())
    check(answer, {"success": bool})
    assert answer["success"] is True
    assert [file.id for file in with_files.files] == ["812"]
    operations = [request.operation for request in stash.requests]
    assert operations[::-1].index("DeleteFiles") < operations[::-1].index("SceneUpdate")


@shows("POST /recommendations/actions/delete-scene-files")
@pytest.mark.parametrize(
    "other",
    [
        {"file_ids_to_delete": ["811", "812"]},
        {"file_ids_to_delete": ["811", "812", "813"]},
        {"keep_file_id": "811"},
    ],
)
def test_a_request_that_would_delete_the_keeper_or_every_file_is_a_400(
    plugin: Plugin, with_files: StashScene, other: dict[str, Any]
) -> None:
    refused = plugin.refusal("POST", f"{ACTIONS}/delete-scene-files", json=deletion(**other))
    assert refused.status == 400
    assert len(with_files.files) == 3


@shows("POST /recommendations/actions/update-performer")
def test_a_performer_is_updated_under_the_names_of_the_stash_box(plugin: Plugin, stash: StashServer) -> None:
    stash.performers["820"] = StashPerformer(
        "Clara", alias_list=["C."], measurements="34C-26-36", career_length="2010-", country="NO"
    )
    fields = {
        "aliases": ["C.", "Klara"],
        "height": "170",
        "breast_type": "NATURAL",
        "career_end_year": 2023,
        "band_size": 36,
        "details": "New.",
    }
    answer = plugin.post(f"{ACTIONS}/update-performer", {"performer_id": "820", "fields": fields})
    check(answer, {"success": bool, "performer": {"id": str, "name": str}})
    assert answer["success"] is True
    clara = stash.performers["820"]
    assert (clara.alias_list, clara.height_cm) == (["C.", "Klara"], 170)
    assert (clara.career_length, clara.measurements) == ("2010-2023", "36C-26-36")
    assert clara.fake_tits is not None
    assert (clara.details, clara.country) == ("New.", "NO")


@shows("POST /recommendations/actions/update-performer")
def test_aliases_are_added_ignoring_case(plugin: Plugin, stash: StashServer) -> None:
    stash.performers["820"] = StashPerformer("Clara", alias_list=["C."])
    fields = {"_alias_add": ["c.", "Klara", "klara"]}
    plugin.post(f"{ACTIONS}/update-performer", {"performer_id": "820", "fields": fields})
    assert stash.performers["820"].alias_list == ["C.", "Klara"]


@shows("POST /recommendations/actions/update-performer")
def test_a_field_that_there_is_not_is_refused_and_an_unknown_performer_a_404(
    plugin: Plugin, stash: StashServer
) -> None:
    stash.performers["820"] = StashPerformer("Clara")
    path = f"{ACTIONS}/update-performer"
    odd = {"performer_id": "820", "fields": {"shoe_size": 40}}
    assert plugin.refusal("POST", path, json=odd).status in (400, 422)
    gone = {"performer_id": "4711", "fields": {"details": "x"}}
    assert plugin.refusal("POST", path, json=gone).status == 404
