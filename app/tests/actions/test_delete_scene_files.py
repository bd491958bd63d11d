"""Files of a scene are deleted, and never all of them."""

from __future__ import annotations

import pytest

from stash_sense.actions.delete_scene_files import delete_scene_files
from stash_sense.actions.errors import ActionRefused
from stash_sense.stash.client import StashClient, StashNotFound, StashUnavailable
from tests.support.gate import Faults
from tests.support.stash_server import StashFile, StashScene, StashServer


@pytest.fixture
def scene(stash: StashServer) -> StashScene:
    stash.scenes["1"] = StashScene("Film", [StashFile(number) for number in ("11", "12", "13")])
    stash.scenes["2"] = StashScene("Another", [StashFile("21"), StashFile("22")])
    return stash.scenes["1"]


def left(scene: StashScene) -> list[str]:
    return [file.id for file in scene.files]


async def test_the_kept_file_becomes_primary_when_the_primary_one_goes(
    stash: StashServer, scene: StashScene, client: StashClient
) -> None:
    await delete_scene_files(client, "1", ["11", "13"], "12")
    assert left(scene) == ["12"]
    operations = [request.operation for request in stash.requests]
    assert operations == ["FindScene", "SceneUpdate", "DeleteFiles"]


async def test_nothing_is_made_primary_that_need_not_be(
    stash: StashServer, scene: StashScene, client: StashClient
) -> None:
    await delete_scene_files(client, "1", ["12"], "13")
    assert left(scene) == ["11", "13"]
    assert stash.asked("SceneUpdate") == []


@pytest.mark.parametrize(
    ("doomed", "keep", "said"),
    [
        ([], "12", "file_ids_to_delete is empty"),
        (["11", "12"], "12", "to be kept and to be deleted"),
        (["11", "12", "13"], "99", "all files"),
        (["11"], "99", "the file to keep, 99"),
        (["11"], "", "the file to keep"),
        (["11", "22"], "12", "has no file 22"),
        (["22"], "12", "has no file 22"),
        (["11"], "21", "the file to keep, 21"),
    ],
)
async def test_a_request_that_cannot_be_meant_changes_nothing(
    stash: StashServer, scene: StashScene, client: StashClient, doomed: list[str], keep: str, said: str
) -> None:
    with pytest.raises(ActionRefused, match=said):
        await delete_scene_files(client, "1", doomed, keep)
    assert left(scene) == ["11", "12", "13"]
    assert left(stash.scenes["2"]) == ["21", "22"]
    assert {request.operation for request in stash.requests} == {"FindScene"}


async def test_a_scene_that_is_not_there_is_named(scene: StashScene, client: StashClient) -> None:
    with pytest.raises(StashNotFound):
        await delete_scene_files(client, "9", ["11"], "12")


async def test_a_lost_answer_is_no_failure(
    stash: StashServer, scene: StashScene, client: StashClient
) -> None:
    stash.faults = Faults(cut_after=5, operations={"DeleteFiles"})
    await delete_scene_files(client, "1", ["11"], "12")
    assert left(scene) == ["12", "13"]


async def test_after_a_failure_the_same_call_does_the_rest(
    stash: StashServer, scene: StashScene, client: StashClient
) -> None:
    stash.faults = Faults(status=500, operations={"DeleteFiles"})
    with pytest.raises(StashUnavailable):
        await delete_scene_files(client, "1", ["11"], "12")
    assert left(scene) == ["12", "11", "13"]
    stash.faults = Faults()
    await delete_scene_files(client, "1", ["11"], "12")
    assert left(scene) == ["12", "13"]
