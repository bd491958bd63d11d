"""The analysis as a whole: a Stash, a stash-box, and what is remembered between two runs."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from stash_sense.library import upstream_fields
from stash_sense.stashbox.errors import StashBoxError
from tests.analyses.upstream_changes.world import LATER, LATEST, SOON, World
from tests.support.stash_server import StashBoxSetting, StashPerformer
from tests.support.stashbox_server import BoxRecord


async def test_what_differs_at_first_sight_is_recommended_with_all_that_the_plugin_reads(
    world: World,
) -> None:
    record = BoxRecord("Ann B", aliases=["Annie"], eye_color="BLUE", height=170, updated=SOON)
    box_id = world.link(1, record, name="Ann", height_cm=170, ethnicity="Caucasian")
    context = await world.trial.run()
    assert (context.processed, context.created) == (1, 1)
    (found,) = (await world.trial.found()).values()
    assert (found.target_type, found.target_id) == ("performer", "1")
    picture = found.details.pop("performer_image_path")
    assert picture is None or picture.startswith("http")
    assert found.details == {
        "endpoint": world.box.endpoint,
        "endpoint_name": "First",
        "stash_box_id": box_id,
        "performer_id": "1",
        "performer_name": "Ann",
        "upstream_updated_at": SOON,
        "changes": [
            change("name", "Name", "Ann", "Ann B", "name"),
            change("aliases", "Aliases", [], ["Annie"], "alias_list"),
            change("eye_color", "Eye Color", None, "Blue", "simple"),
        ],
    }


def change(field: str, label: str, local: Any, upstream: Any, merge_type: str) -> dict[str, Any]:
    return {
        "field": field,
        "field_label": label,
        "local_value": local,
        "upstream_value": upstream,
        "previous_upstream_value": None,
        "merge_type": merge_type,
    }


async def test_every_field_that_agrees_in_stash_s_own_form_is_left_alone(world: World) -> None:
    record = BoxRecord(
        "Ann",
        "the first",
        ["Annie"],
        "FEMALE",
        ["https://a.example"],
        "1990-01-02",
        None,
        "MIDDLE_EASTERN",
        "DE",
        "BLUE",
        "BLONDE",
        170,
        "C",
        34,
        26,
        36,
        "NATURAL",
        2010,
        2020,
        [("arm", "a rose"), ("leg", None)],
        [],
        is_favorite=True,
    )
    world.link(
        1,
        record,
        disambiguation="The First",
        alias_list=["annie"],
        gender="FEMALE",
        urls=["https://a.example"],
        birthdate="1990-01-02",
        ethnicity="Middle Eastern",
        country="DE",
        eye_color="Blue",
        hair_color="Blonde",
        height_cm=170,
        measurements="34C-26-36",
        fake_tits="Natural",
        career_length="2010 - 2020",
        tattoos="Leg; arm, a rose",
        piercings="",
        favorite=True,
        details="Only Stash knows this.",
    )
    await world.trial.run()
    assert await world.trial.found() == {}


async def test_only_what_changes_upstream_after_the_first_look_is_new(world: World) -> None:
    box_id = world.link(1, BoxRecord("Ann", country="DE", updated=SOON), country="DE", eye_color="Green")
    await world.trial.run()
    world.box.performers[box_id].country = "AT"
    world.box.performers[box_id].updated = LATER
    await world.trial.run()
    assert await world.changes() == {"country": ("DE", "AT", "DE")}


async def test_an_open_change_is_kept_when_another_field_changes(world: World) -> None:
    box_id = world.link(1, BoxRecord("Ann", country="AT", updated=SOON), country="DE")
    await world.trial.run()
    world.box.performers[box_id].height = 170
    world.box.performers[box_id].updated = LATER
    await world.trial.run()
    assert await world.changes() == {"country": ("DE", "AT", None), "height": (None, 170, None)}


async def test_what_stash_has_by_now_is_settled_even_when_the_box_is_silent(world: World) -> None:
    world.link(1, BoxRecord("Ann", country="AT", height=170, updated=SOON), country="DE")
    await world.trial.run()
    world.stash.performers["1"].country = "at"
    await world.trial.run()
    assert await world.changes() == {"height": (None, 170, None)}
    world.stash.performers["1"].height_cm = 170
    await world.trial.run()
    assert await world.trial.found() == {}
    assert set(await world.trial.found("resolved")) == {"1"}


async def test_a_performer_who_was_deleted_in_stash_takes_the_recommendation_along(world: World) -> None:
    world.link(1, BoxRecord("Ann", country="AT"))
    await world.trial.run()
    del world.stash.performers["1"]
    await world.trial.run()
    assert await world.trial.found() == {}


async def test_a_later_run_asks_only_for_what_changed_and_who_is_new(world: World) -> None:
    for number in range(1, 13):
        world.link(number, BoxRecord(f"P{number}", updated=f"2025-02-01T00:00:{number:02}Z"))
    await world.trial.run()
    assert len(world.box.asked_for()) == 12
    # The box changed many whom Stash does not have, too.
    for number in range(100, 104):
        world.box.performers[str(uuid.UUID(int=number))] = BoxRecord("X", updated=LATER)
    world.box.performers[str(uuid.UUID(int=5))].updated = LATEST
    world.box.performers[str(uuid.UUID(int=5))].country = "AT"
    new = world.link(50, BoxRecord("New", country="FR", updated=SOON))
    world.box.requests.clear()
    await world.trial.run()
    assert world.box.asked_for() == [new]
    # Pages of three: five that are new, and the first of those that are not.
    assert len(world.box.requests) <= 4
    assert set(await world.trial.found()) == {"5", "50"}


async def test_a_full_run_asks_for_everybody_again(world: World) -> None:
    for number in range(1, 6):
        world.link(number, BoxRecord(f"P{number}", updated=f"2025-02-01T00:00:{number:02}Z"))
    await world.trial.run()
    # A change that the box forgot to date.
    world.box.performers[str(uuid.UUID(int=3))].country = "AT"
    await world.trial.run()
    assert await world.trial.found() == {}
    await world.trial.run(full=True)
    assert set(await world.trial.found()) == {"3"}


async def test_when_more_changed_than_stash_has_each_is_asked_for_instead(world: World) -> None:
    world.link(1, BoxRecord("Ann", updated=SOON))
    await world.trial.run()
    for number in range(100, 120):
        world.box.performers[str(uuid.UUID(int=number))] = BoxRecord("X", updated=LATER)
    world.box.performers[str(uuid.UUID(int=1))].country = "AT"
    world.box.requests.clear()
    await world.trial.run()
    assert len(world.box.requests) <= 3
    assert set(await world.trial.found()) == {"1"}


async def test_a_dismissed_performer_comes_back_with_a_later_change(world: World) -> None:
    box_id = world.link(1, BoxRecord("Ann", country="AT", updated=SOON), country="DE")
    await world.trial.run()
    await world.trial.dismiss("performer", "1", permanent=False)
    await world.trial.run(full=True)
    assert await world.trial.found() == {}
    world.box.performers[box_id].height = 170
    world.box.performers[box_id].updated = LATER
    await world.trial.run()
    # What was dismissed stays out of it.
    assert await world.changes() == {"height": (None, 170, None)}


async def test_a_performer_who_was_dismissed_for_good_does_not(world: World) -> None:
    box_id = world.link(1, BoxRecord("Ann", country="AT", updated=SOON), country="DE")
    await world.trial.run()
    await world.trial.dismiss("performer", "1", permanent=True)
    world.box.performers[box_id].height = 170
    world.box.performers[box_id].updated = LATER
    await world.trial.run()
    assert await world.trial.found() == {}


async def test_a_field_that_is_switched_off_is_not_compared_and_not_forgotten(world: World) -> None:
    box_id = world.link(
        1, BoxRecord("Ann", country="DE", height=170, updated=SOON), country="DE", height_cm=170
    )
    await world.trial.run()
    await configure(world, country=False)
    world.box.performers[box_id].country = "AT"
    world.box.performers[box_id].height = 171
    world.box.performers[box_id].updated = LATER
    await world.trial.run()
    assert await world.changes() == {"height": (170, 171, 170)}
    await configure(world, country=True)
    await world.trial.run(full=True)
    assert (await world.changes())["country"] == ("DE", "AT", "DE")


async def configure(world: World, **fields: bool) -> None:
    await world.trial.library.writing(
        lambda connection: upstream_fields.configure(connection, "performer", world.box.endpoint, fields)
    )


async def test_one_whom_the_box_has_deleted_is_left_alone(world: World) -> None:
    world.link(1, BoxRecord("Gone", country="AT", deleted=True), country="DE")
    await world.trial.run()
    assert await world.trial.found() == {}


async def test_one_whom_the_box_has_merged_is_compared_with_the_other(world: World) -> None:
    other = str(uuid.UUID(int=77))
    world.box.performers[other] = BoxRecord("Ann", country="AT")
    box_id = world.link(1, BoxRecord("Ann", merged_into=other), country="DE")
    await world.trial.run()
    assert await world.changes() == {"country": ("DE", "AT", None)}
    assert (await world.trial.found())["1"].details["stash_box_id"] == box_id


async def test_a_performer_whom_stash_has_twice_is_recommended_twice(world: World) -> None:
    box_id = world.link(1, BoxRecord("Ann", country="AT"))
    world.stash.performers["2"] = StashPerformer("Ann too", stash_ids=[(world.box.endpoint, box_id)])
    await world.trial.run()
    assert set(await world.trial.found()) == {"1", "2"}
    assert world.box.asked_for() == [box_id]


async def test_two_boxes_take_turns_about_one_performer(world: World) -> None:
    world.stash.stash_boxes.append(StashBoxSetting(world.second.endpoint, "Second", world.second.api_key))
    world.link(1, BoxRecord("Ann", country="AT", updated=SOON), country="DE")
    world.link(1, BoxRecord("Ann", height=170, updated=SOON), world.second)
    await world.trial.run()
    assert set(await world.changes()) == {"country"}
    world.stash.performers["1"].country = "AT"
    await world.trial.run()
    await world.trial.run()
    assert await world.changes() == {"height": (None, 170, None)}


async def test_a_change_that_had_to_wait_for_the_other_box_is_not_lost(world: World) -> None:
    world.stash.stash_boxes.append(StashBoxSetting(world.second.endpoint, "Second", world.second.api_key))
    first = world.link(1, BoxRecord("Ann", updated=SOON))
    second = world.link(1, BoxRecord("Ann", updated=SOON), world.second)
    await world.trial.run()
    world.box.performers[first].country, world.box.performers[first].updated = "AT", LATER
    world.second.performers[second].height, world.second.performers[second].updated = 170, LATER
    await world.trial.run()
    # Somebody newer moves the second box's mark past the change that waits.
    world.link(9, BoxRecord("New", updated=LATEST), world.second)
    await world.trial.run()
    world.stash.performers["1"].country = "AT"
    await world.trial.run()
    await world.trial.run()
    assert await world.changes() == {"height": (None, 170, None)}


async def test_a_box_that_fails_is_named_and_keeps_no_other_from_being_asked(world: World) -> None:
    world.stash.stash_boxes.append(StashBoxSetting(world.second.endpoint, "Second", world.second.api_key))
    world.link(1, BoxRecord("Ann", country="AT"))
    world.link(2, BoxRecord("Bea", country="AT"), world.second)
    world.box.faults.status = 503
    with pytest.raises(StashBoxError, match=r"^First answered HTTP 503$"):
        await world.trial.run()
    assert set(await world.trial.found()) == {"2"}
    world.box.faults.status = None
    await world.trial.run()
    assert set(await world.trial.found()) == {"1", "2"}


async def test_a_run_that_broke_off_loses_nothing_and_repeats_nothing(world: World) -> None:
    for number in range(1, 11):
        world.link(number, BoxRecord(f"P{number}", country="AT", updated=SOON))
    world.box.faults.status, world.box.faults.skip = 503, 2
    with pytest.raises(StashBoxError):
        await world.trial.run()
    assert len(await world.trial.found()) == 8
    world.box.faults.status = None
    context = await world.trial.run()
    assert context.created == 2
    assert len(await world.trial.found()) == 10


async def test_without_stash_boxes_there_is_nothing_to_do(world: World) -> None:
    world.stash.stash_boxes.clear()
    assert (await world.trial.run()).processed == 0
