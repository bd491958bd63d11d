"""A run that a stop of the sidecar has interrupted: what the one that goes on asks for, and leaves."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

import pytest

from stash_sense.analyses.runner import AnalysisRunner
from stash_sense.analyses.upstream_changes.places import read_places
from stash_sense.library import analysis_runs
from stash_sense.library.analysis_runs import Run
from stash_sense.library.library import Library
from tests.analyses.upstream_changes.world import LATER, LATEST, SOON, World
from tests.support.gate import Faults
from tests.support.stash_server import StashBoxSetting
from tests.support.stashbox_server import BoxRecord, StashBoxServer


def box_id(number: int) -> str:
    return str(uuid.UUID(int=number))


def known(world: World, *numbers: int, country: str | None = "AT") -> None:
    """Performers on the box whose country Stash does not know."""
    for number in numbers:
        updated = f"2025-02-01T00:00:{number:02}Z"
        world.link(number, BoxRecord(f"P{number}", country=country, updated=updated))


async def interrupted(world: World, box: StashBoxServer, *, answers: int, full: bool = False) -> None:
    """A sidecar that stops while it waits for the box, after so many answers about performers."""
    for one in (world.box, world.second):
        one.requests.clear()
    box.faults = Faults(operations={"FindPerformers"}, skip=answers, slow_seconds=600)
    runner = AnalysisRunner([world.trial.analysis], world.trial.stash, world.trial.library)
    await runner.start(world.trial.analysis.type, full=full)
    async with asyncio.timeout(60):
        while True:
            if len(box.asked("FindPerformers")) > answers:
                break
            await asyncio.sleep(0.01)
    await runner.stop()
    box.faults = Faults()
    for one in (world.box, world.second):
        one.requests.clear()


async def resumed(world: World, folder: Path) -> Run:
    """The run that goes on once the sidecar is there again, at its end."""
    library = Library(folder)
    runner = AnalysisRunner([world.trial.analysis], world.trial.stash, library)
    await runner.resume()
    async with asyncio.timeout(60):
        while True:
            run = (await library.reading(analysis_runs.newest))[0]
            if run.status != "running":
                break
            await asyncio.sleep(0.01)
    await library.stop()
    return run


async def test_a_run_that_goes_on_asks_no_box_again_for_those_it_has_looked_at(
    world: World, tmp_path: Path
) -> None:
    known(world, *range(1, 11))
    await interrupted(world, world.box, answers=1)
    assert len(await world.trial.found()) == 4
    run = await resumed(world, tmp_path)
    assert (run.status, run.items_processed, run.items_total) == ("completed", 10, 10)
    assert world.box.asked_for() == [box_id(number) for number in range(5, 11)]
    assert len(await world.trial.found()) == 10


async def test_its_end_resolves_what_is_settled_and_nothing_that_the_first_half_has_seen(
    world: World, tmp_path: Path
) -> None:
    known(world, *range(1, 11))
    await interrupted(world, world.box, answers=1)
    world.stash.performers["2"].country = "AT"
    await resumed(world, tmp_path)
    assert set(await world.trial.found("resolved")) == {"2"}
    assert len(await world.trial.found()) == 9


async def test_what_the_box_changed_during_the_stop_about_the_first_half_is_found_by_the_next_run(
    world: World, tmp_path: Path
) -> None:
    known(world, *range(1, 11), country=None)
    await interrupted(world, world.box, answers=1)
    world.box.performers[box_id(1)].country = "FR"
    world.box.performers[box_id(1)].updated = LATER
    # The second half sees a change that is newer still.
    world.box.performers[box_id(9)].updated = LATEST
    await resumed(world, tmp_path)
    assert await world.changes(1) == {}
    await world.trial.run()
    assert await world.changes(1) == {"country": (None, "FR", None)}


async def test_whom_the_first_half_put_off_the_next_run_asks_for(world: World, tmp_path: Path) -> None:
    known(world, *range(1, 11))
    await world.trial.run()
    forgotten = world.box.performers.pop(box_id(1))
    await interrupted(world, world.box, answers=1, full=True)
    world.box.performers[box_id(1)] = forgotten
    await resumed(world, tmp_path)
    world.box.requests.clear()
    await world.trial.run()
    assert world.box.asked_for() == [box_id(1)]


async def test_a_full_run_that_goes_on_leaves_out_the_boxes_that_it_was_through_with(
    world: World, tmp_path: Path
) -> None:
    world.stash.stash_boxes.append(StashBoxSetting(world.second.endpoint, "Second", world.second.api_key))
    known(world, *range(1, 6))
    for number in range(11, 21):
        world.link(number, BoxRecord(f"P{number}", country="AT", updated=SOON), world.second)
    await interrupted(world, world.second, answers=2, full=True)
    run = await resumed(world, tmp_path)
    assert (run.items_processed, run.items_total) == (15, 15)
    assert world.box.requests == []
    assert world.second.asked_for() == [box_id(19), box_id(20)]
    assert len(await world.trial.found()) == 15


async def test_a_box_that_failed_before_the_stop_is_asked_again_after_it(
    world: World, tmp_path: Path
) -> None:
    world.stash.stash_boxes.append(StashBoxSetting(world.second.endpoint, "Second", world.second.api_key))
    known(world, 1)
    for number in range(11, 17):
        world.link(number, BoxRecord(f"P{number}", country="AT", updated=SOON), world.second)
    world.box.faults = Faults(status=503)
    await interrupted(world, world.second, answers=1)
    world.box.faults = Faults()
    assert (await resumed(world, tmp_path)).status == "completed"
    assert world.box.asked_for() == [box_id(1)]
    assert set(await world.trial.found()) == {"1", *map(str, range(11, 17))}


async def test_a_later_run_that_goes_on_reads_the_list_of_changes_only_once(
    world: World, tmp_path: Path
) -> None:
    world.stash.stash_boxes.append(StashBoxSetting(world.second.endpoint, "Second", world.second.api_key))
    known(world, *range(1, 4))
    world.link(30, BoxRecord("Both", country="FR", updated=SOON), world.second)
    await world.trial.run()
    # New from this box: six who are old there, and one whom it has changed and who waits for the other box.
    for number in range(21, 27):
        world.link(number, BoxRecord(f"N{number}", country="AT"))
    world.link(30, BoxRecord("Both", height=170, updated=LATER))
    world.box.performers[box_id(2)].height = 170
    world.box.performers[box_id(2)].updated = LATER
    await interrupted(world, world.box, answers=1)
    await resumed(world, tmp_path)
    assert [request.operation for request in world.box.requests] == ["FindPerformers"]
    assert world.box.asked_for() == [box_id(25), box_id(26)]
    assert set(await world.trial.found()) == {"1", "2", "3", "30", *map(str, range(21, 27))}


@pytest.mark.parametrize("cursor", [None, "", "p40", "[]", '{"https://box.example": 7}'])
def test_a_cursor_that_is_none_of_this_analysis_begins_at_the_beginning(cursor: str | None) -> None:
    assert read_places(cursor) == {}
