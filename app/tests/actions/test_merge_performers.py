"""Several performers become one."""

from __future__ import annotations

from typing import Any

import pytest

from stash_sense.actions.errors import ActionRefused
from stash_sense.actions.merge_performers import merge_performers
from stash_sense.stash.client import StashClient, StashNotFound, StashUnavailable
from tests.support.gate import Faults
from tests.support.stash_server import (
    StashGallery,
    StashPerformer,
    StashPicture,
    StashScene,
    StashServer,
)

BOX, OTHER_BOX = "https://a.example/graphql", "https://b.example/graphql"


@pytest.fixture
def three(stash: StashServer) -> StashServer:
    """One performer whom Stash has three times, and a fourth who has nothing to do with it."""
    stash.performers |= {
        "1": StashPerformer("Ann", alias_list=["Annie"], stash_ids=[(BOX, "u-1")]),
        "2": StashPerformer("ANN B", alias_list=["annie", "Anna"], stash_ids=[(BOX, "u-2")]),
        "3": StashPerformer("ann", alias_list=["A. B."], stash_ids=[(OTHER_BOX, "u-3")]),
        "4": StashPerformer("Bea"),
    }
    stash.scenes |= {
        "10": StashScene(performer_ids=["2", "4"]),
        "11": StashScene(performer_ids=["1", "2", "3"]),
        "12": StashScene(performer_ids=["4"]),
    }
    stash.images |= {"20": StashPicture(b"", performer_ids=["3"])}
    stash.galleries |= {"30": StashGallery(performer_ids=["3", "2"])}
    return stash


def assert_merged(stash: StashServer) -> None:
    assert set(stash.performers) == {"1", "4"}
    assert stash.performers["1"].alias_list == ["Annie", "ANN B", "Anna", "A. B."]
    assert stash.performers["1"].stash_ids == [(BOX, "u-1"), (OTHER_BOX, "u-3")]
    assert {number: set(scene.performer_ids) for number, scene in stash.scenes.items()} == {
        "10": {"1", "4"},
        "11": {"1"},
        "12": {"4"},
    }
    assert stash.images["20"].performer_ids == ["1"]
    assert stash.galleries["30"].performer_ids == ["1"]


async def test_content_names_aliases_and_stash_box_ids_move(three: StashServer, client: StashClient) -> None:
    merged = await merge_performers(client, "1", ["2", "3", "2"])
    assert (merged.id, merged.name) == ("1", "Ann")
    assert_merged(three)


# What happens: nothing of the operation, or all of it and only the answer is lost.
@pytest.mark.parametrize("fault", [{"status": 500}, {"cut_after": 5}])
@pytest.mark.parametrize("skip", range(14))
async def test_wherever_it_fails_the_same_call_does_the_rest(
    three: StashServer, client: StashClient, skip: int, fault: dict[str, Any]
) -> None:
    three.faults = Faults(**fault, skip=skip, times=1)
    try:
        await merge_performers(client, "1", ["2", "3"])
    except StashUnavailable:
        three.faults = Faults()
        if {"2", "3"} & set(three.performers):
            await merge_performers(client, "1", ["2", "3"])
    assert_merged(three)


async def test_a_lost_answer_to_the_last_step_is_no_failure(three: StashServer, client: StashClient) -> None:
    three.faults = Faults(cut_after=5, operations={"PerformersDestroy"})
    await merge_performers(client, "1", ["2", "3"])
    assert_merged(three)


async def test_a_thousand_images_move_in_few_calls(three: StashServer, client: StashClient) -> None:
    three.images |= {str(number): StashPicture(b"", performer_ids=["2"]) for number in range(1000, 2050)}
    await merge_performers(client, "1", ["2"])
    assert all(three.images[str(number)].performer_ids == ["1"] for number in range(1000, 2050))
    assert len(three.asked("BulkImageUpdate")) <= 11


async def test_a_source_that_was_merged_already_does_not_hinder(
    three: StashServer, client: StashClient
) -> None:
    await merge_performers(client, "1", ["2"])
    await merge_performers(client, "1", ["2", "3"])
    assert_merged(three)


@pytest.mark.parametrize(
    ("destination", "sources", "said"),
    [("1", [], "source_ids is empty"), ("1", ["2", "1"], "into itself"), ("1", ["01"], "into itself")],
)
async def test_what_cannot_be_meant_is_refused_before_anything_changes(
    three: StashServer, client: StashClient, destination: str, sources: list[str], said: str
) -> None:
    with pytest.raises(ActionRefused, match=said):
        await merge_performers(client, destination, sources)
    assert not three.asked("PerformerUpdate")
    assert not three.asked("PerformersDestroy")


@pytest.mark.parametrize(("destination", "sources"), [("99", ["2"]), ("1", ["98", "99"]), ("x", ["2"])])
async def test_performers_who_are_not_there_are_named(
    three: StashServer, client: StashClient, destination: str, sources: list[str]
) -> None:
    with pytest.raises(StashNotFound):
        await merge_performers(client, destination, sources)
    assert set(three.performers) == {"1", "2", "3", "4"}
