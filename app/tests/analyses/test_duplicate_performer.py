"""Performers that are in Stash twice, found in a real one over GraphQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from stash_sense.analyses import duplicate_performer
from stash_sense.analyses.base import Draft
from stash_sense.analyses.duplicate_performer import DuplicatePerformer
from stash_sense.library.library import Library
from stash_sense.stash.client import StashClient
from tests.support.analysis_trial import Trial
from tests.support.stash_server import StashGallery, StashPerformer, StashPicture, StashScene, StashServer

BOX = "https://stashdb.org/graphql"
OTHER_BOX = "https://theporndb.net/graphql"


@pytest.fixture
def trial(client: StashClient, library: Library) -> Trial:
    return Trial(DuplicatePerformer(), client, library)


def appear(
    stash: StashServer, performer_id: str, *, scenes: int, images: int = 0, galleries: int = 0
) -> None:
    """Give a performer some content."""
    for number in range(scenes):
        stash.scenes[f"{performer_id}{number:03}"] = StashScene(performer_ids=[performer_id])
    for number in range(images):
        stash.images[f"{performer_id}{number:03}"] = StashPicture(b"", performer_ids=[performer_id])
    for number in range(galleries):
        stash.galleries[f"{performer_id}{number:03}"] = StashGallery(performer_ids=[performer_id])


async def test_performers_with_the_same_id_on_a_box_are_recommended_with_the_busiest_as_keeper(
    stash: StashServer, trial: Trial
) -> None:
    stash.performers = {
        "1": StashPerformer("Ann", stash_ids=[(BOX, "a")]),
        "2": StashPerformer("Anne", stash_ids=[(BOX, "a"), (OTHER_BOX, "x")]),
        "3": StashPerformer("Bob", stash_ids=[(BOX, "b")]),
    }
    appear(stash, "1", scenes=1, images=1)
    appear(stash, "2", scenes=2, images=1, galleries=3)
    context = await trial.run()
    ((target, found),) = (await trial.found()).items()
    assert (target, found.target_type, found.confidence) == ("2", "performer", 1.0)
    assert context.created == 1
    assert found.details | {"performers": None} == {
        "endpoint": BOX,
        "stash_id": "a",
        "suggested_keeper_id": "2",
        "performers": None,
    }
    keeper, other = found.details["performers"]
    assert keeper.pop("image_path").startswith(stash.url)
    assert keeper == {
        "id": "2",
        "name": "Anne",
        "scene_count": 2,
        "image_count": 1,
        "gallery_count": 3,
        "total_content": 6,
        "is_suggested_keeper": True,
    }
    assert (other["id"], other["total_content"], other["is_suggested_keeper"]) == ("1", 2, False)


async def test_the_same_id_on_different_boxes_is_no_duplicate(stash: StashServer, trial: Trial) -> None:
    stash.performers = {
        "1": StashPerformer("Ann", stash_ids=[(BOX, "a")]),
        "2": StashPerformer("Bob", stash_ids=[(OTHER_BOX, "a")]),
    }
    await trial.run()
    assert await trial.found() == {}


async def test_a_performer_who_has_the_same_id_twice_is_no_duplicate_of_themselves(
    stash: StashServer, trial: Trial
) -> None:
    stash.performers = {"1": StashPerformer("Ann", stash_ids=[(BOX, "a"), (BOX, "a")])}
    await trial.run()
    assert await trial.found() == {}


async def test_among_equals_the_oldest_is_kept(stash: StashServer, trial: Trial) -> None:
    stash.performers = {number: StashPerformer("Ann", stash_ids=[(BOX, "a")]) for number in ("10", "9", "11")}
    await trial.run()
    found = (await trial.found())["9"]
    assert [performer["id"] for performer in found.details["performers"]] == ["9", "10", "11"]


async def test_a_keeper_of_two_groups_is_recommended_once_with_the_larger(
    stash: StashServer, trial: Trial
) -> None:
    stash.performers = {
        "1": StashPerformer("Ann", stash_ids=[(BOX, "a"), (OTHER_BOX, "x")]),
        "2": StashPerformer("Ann", stash_ids=[(BOX, "a")]),
        "3": StashPerformer("Ann", stash_ids=[(OTHER_BOX, "x")]),
        "4": StashPerformer("Ann", stash_ids=[(OTHER_BOX, "x")]),
    }
    await trial.run()
    found = await trial.found()
    assert list(found) == ["1"]
    assert found["1"].details["endpoint"] == OTHER_BOX


async def test_duplicates_that_were_merged_elsewhere_are_resolved_and_a_second_run_doubles_nothing(
    stash: StashServer, trial: Trial
) -> None:
    stash.performers = {number: StashPerformer("Ann", stash_ids=[(BOX, "a")]) for number in ("1", "2")}
    await trial.run()
    assert (await trial.run()).created == 0
    assert list(await trial.found()) == ["1"]
    del stash.performers["2"]
    await trial.run()
    assert await trial.found() == {}
    assert list(await trial.found("resolved")) == ["1"]


async def test_dismissed_performers_are_not_recommended_again_whoever_has_more_content_by_now(
    stash: StashServer, trial: Trial
) -> None:
    stash.performers = {number: StashPerformer("Ann", stash_ids=[(BOX, "a")]) for number in ("1", "2")}
    await trial.run()
    await trial.dismiss("performer", "1", permanent=True)
    appear(stash, "2", scenes=3)
    await trial.run()
    assert await trial.found() == {}


async def test_many_pages_of_performers_are_read_and_counted(stash: StashServer, trial: Trial) -> None:
    stash.performers = {
        str(number): StashPerformer(f"P{number}", stash_ids=[(BOX, str(number % 150))])
        for number in range(1, 251)
    }
    context = await trial.run()
    assert context.processed == 250
    assert len(await trial.found()) == 100


async def test_performers_are_compared_beside_the_event_loop_so_that_requests_are_answered_meanwhile(
    stash: StashServer, trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    stash.performers = {number: StashPerformer("Ann", stash_ids=[(BOX, "a")]) for number in ("1", "2")}
    compare, threads = duplicate_performer.drafts, []

    def watched(*given: Any) -> Iterator[Draft]:
        threads.append(threading.current_thread())
        yield from compare(*given)

    monkeypatch.setattr(duplicate_performer, "drafts", watched)
    await trial.run()
    assert list(await trial.found()) == ["1"]
    assert len(threads) == 1
    assert threads[0] is not threading.current_thread()
