"""Fingerprints of all scenes: which are made, and what becomes of it when somebody stops, falls or leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlalchemy import Connection

from stash_sense.analyses.patience import Patience
from stash_sense.fingerprints.generator import KIND, AlreadyRunningError, FingerprintGenerator
from stash_sense.fingerprints.progress import Generation, GenerationConfig, Tally
from stash_sense.fingerprints.scenes import SceneFingerprinter
from stash_sense.inference.manifest import ModelError
from stash_sense.library import jobs, scene_fingerprints
from stash_sense.library.library import Library
from stash_sense.library.scene_fingerprint import FingerprintPerformer, SceneFingerprint
from stash_sense.library.scene_fingerprints import State
from stash_sense.service import NotReadyError
from stash_sense.stash.client import Priority, StashClient, StashNotFound, StashUnavailable
from tests.fingerprints.scripted import VERSION, ScriptedScenes
from tests.support.gate import Faults
from tests.support.stash_server import StashFile, StashPerformer, StashScene, StashServer

CONFIG = GenerationConfig()
DONE = State("complete", VERSION)
OBAMA = FingerprintPerformer("50459d16-787c-47c9-8ce9-a4cac9404324", 9, 0.75, 0.9)


def impatient() -> Patience:
    return Patience(first_seconds=0.01, longest_seconds=0.05, attempts=3)


@pytest.fixture
def scenes(client: StashClient) -> ScriptedScenes:
    return ScriptedScenes(client)


NewGenerator = Callable[..., FingerprintGenerator]


@pytest.fixture
async def new_generator(client: StashClient, library: Library) -> AsyncIterator[NewGenerator]:
    """Makes generators on the same Stash; they are stopped in the end."""
    made: list[FingerprintGenerator] = []

    def new(scenes: ScriptedScenes, within: Library = library) -> FingerprintGenerator:
        one = SceneFingerprinter(scenes, client, within, lambda: scenes.version)
        made.append(FingerprintGenerator(one, client, within, impatient))
        return made[-1]

    yield new
    for generator in made:
        await generator.stop()


def fill(stash: StashServer, *numbers: int) -> None:
    for number in numbers:
        stash.scenes[str(number)] = StashScene(f"Scene {number}", [StashFile(f"{number}1")])


async def ended(generator: FingerprintGenerator) -> Generation:
    """The generation, once it does not run any more."""
    async with asyncio.timeout(120):
        while True:
            found = await generator.find()
            assert found is not None
            if found.status not in ("running", "stopping"):
                return found
            await asyncio.sleep(0.01)


async def said_why_it_waits(generator: FingerprintGenerator) -> None:
    async with asyncio.timeout(60):
        while True:
            found = await generator.find()
            if found is not None and found.tally.error_message:
                return
            await asyncio.sleep(0.005)


async def states(library: Library) -> dict[str, State]:
    return await library.reading(scene_fingerprints.states)


def tally_of(generation: Generation) -> tuple[int, int, int, int]:
    """Total, successful, failed, skipped."""
    tally = generation.tally
    return tally.total_scenes, tally.successful, tally.failed, tally.skipped


async def test_every_scene_gets_a_fingerprint_one_after_the_other_behind_everybody_else(
    stash: StashServer, library: Library, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    fill(stash, *range(1, 53))
    generator = new_generator(scenes)
    assert await generator.find() is None
    await generator.start(CONFIG)
    generation = await ended(generator)
    assert (generation.status, tally_of(generation)) == ("completed", (52, 52, 0, 0))
    assert generation.tally.progress_pct == 100.0
    assert generation.tally.current_scene_id is None
    assert await states(library) == {str(number): DONE for number in range(1, 53)}
    assert (scenes.most_at_once, scenes.priorities) == (1, {Priority.BULK})


async def test_the_knobs_and_who_is_tagged_already_reach_the_scene(
    stash: StashServer, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    stash.performers["3"] = StashPerformer("Ann", stash_ids=[("https://stashdb.org/graphql", "a-uuid")])
    stash.scenes["1"] = StashScene("One", [StashFile("11")], performer_ids=["3"])
    generator = new_generator(scenes)
    await generator.start(GenerationConfig(num_frames=12, min_face_size=64, max_distance=0.4))
    await ended(generator)
    assert scenes.knobs is not None
    assert (scenes.knobs.num_frames, scenes.knobs.min_face_size, scenes.knobs.max_distance) == (12, 64, 0.4)
    assert scenes.knobs.tagged == {"a-uuid"}


async def test_scenes_that_have_one_are_skipped_and_those_marked_are_made_anew(
    stash: StashServer, library: Library, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    fill(stash, 1, 2, 3)
    generator = new_generator(scenes)
    await generator.start(CONFIG)
    await ended(generator)
    marked = await library.writing(
        lambda connection: scene_fingerprints.mark_pending(connection, ["2", "2", "99"])
    )
    assert marked == 1
    fill(stash, 4)
    await generator.start(CONFIG)
    assert tally_of(await ended(generator)) == (4, 2, 0, 2)
    assert scenes.seen == ["1", "2", "3", "2", "4"]


@pytest.mark.parametrize(("refresh_outdated", "again"), [(True, ["1", "2"]), (False, [])])
async def test_those_of_an_earlier_database_are_made_anew_when_that_is_wanted(
    stash: StashServer,
    scenes: ScriptedScenes,
    new_generator: NewGenerator,
    refresh_outdated: bool,
    again: list[str],
) -> None:
    fill(stash, 1, 2)
    scenes.unseen = {"2"}
    generator = new_generator(scenes)
    await generator.start(CONFIG)
    await ended(generator)
    scenes.version, scenes.seen = "2026.03.01", []
    await generator.start(GenerationConfig(refresh_outdated=refresh_outdated))
    await ended(generator)
    assert scenes.seen == again


async def test_a_scene_that_cannot_be_analysed_is_an_error_and_not_tried_again_and_again(
    stash: StashServer, library: Library, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    fill(stash, 1, 2, 3, 4)
    await library.save_scene(SceneFingerprint("3", 12, 61, "2025.01.01", (OBAMA,)))
    scenes.unseen = {"2"}
    scenes.errors = {
        "3": StashNotFound("Stash knows the scene 3 but not its film"),
        "4": StashUnavailable("The film of scene 4 cannot be had"),
    }
    generator = new_generator(scenes)
    await generator.start(CONFIG)
    generation = await ended(generator)
    assert (generation.status, tally_of(generation)) == ("completed", (4, 1, 3, 0))
    assert await states(library) == {
        "1": DONE,
        **{number: State("error", VERSION) for number in ("2", "3", "4")},
    }
    # What an earlier analysis has seen is not thrown away.
    old = await library.reading(lambda connection: scene_fingerprints.find(connection, "3"))
    assert old is not None
    assert old.performers == (OBAMA,)
    scenes.seen = []
    await generator.start(CONFIG)
    assert tally_of(await ended(generator)) == (4, 0, 0, 4)
    assert scenes.seen == []


async def test_a_stash_that_goes_away_and_comes_back_makes_no_scene_an_error(
    stash: StashServer, library: Library, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    fill(stash, 1, 2, 3)
    stash.faults = Faults(status=503, skip=3, times=4)
    generator = new_generator(scenes)
    await generator.start(CONFIG)
    generation = await ended(generator)
    assert (generation.status, tally_of(generation)) == ("completed", (3, 3, 0, 0))
    assert set((await states(library)).values()) == {DONE}


async def test_a_stash_that_stays_away_ends_it_with_the_reason_and_no_scene_is_an_error(
    stash: StashServer, library: Library, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    fill(stash, 1, 2, 3)
    stash.faults = Faults(drop_connection=True, skip=3)
    generator = new_generator(scenes)
    await generator.start(CONFIG)
    generation = await ended(generator)
    assert generation.status == "error"
    assert "Stash" in (generation.tally.error_message or "")
    assert set((await states(library)).values()) <= {DONE}
    stash.faults = Faults()
    await generator.start(CONFIG)
    assert (await ended(generator)).status == "completed"


async def test_models_that_are_still_being_loaded_are_waited_for(
    stash: StashServer, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    fill(stash, 1)
    scenes.errors["1"] = NotReadyError("not ready: the models are being loaded; try again soon")
    generator = new_generator(scenes)
    await generator.start(CONFIG)
    await said_why_it_waits(generator)
    scenes.errors.clear()
    generation = await ended(generator)
    assert (generation.status, tally_of(generation)) == ("completed", (1, 1, 0, 0))


async def test_while_no_database_is_loaded_no_fingerprint_counts_as_outdated(
    stash: StashServer, library: Library, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    fill(stash, 1, 2)
    await library.save_scene(SceneFingerprint("1", 0, 60, VERSION, ()))
    scenes.version = None
    generator = new_generator(scenes)
    await generator.start(CONFIG)
    await said_why_it_waits(generator)
    scenes.version = VERSION
    assert tally_of(await ended(generator)) == (2, 1, 0, 1)
    assert scenes.seen == ["2"]


async def test_a_sidecar_that_cannot_analyse_anything_gives_up_soon_and_blames_no_scene(
    stash: StashServer, library: Library, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    fill(stash, *range(1, 21))
    scenes.errors = {str(number): ModelError("CUDA out of memory") for number in range(3, 21)}
    generator = new_generator(scenes)
    await generator.start(CONFIG)
    generation = await ended(generator)
    assert (generation.status, generation.tally.error_message) == ("error", "CUDA out of memory")
    assert len(scenes.seen) == 7
    assert await states(library) == {"1": DONE, "2": DONE}


async def test_a_second_start_is_refused_while_it_runs(
    stash: StashServer, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    fill(stash, 1, 2)
    scenes.hold_at = "1"
    generator = new_generator(scenes)
    starts = await asyncio.gather(*(generator.start(CONFIG) for _ in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in starts] == [type(None), AlreadyRunningError, AlreadyRunningError]
    await scenes.held.wait()
    generation = await generator.find()
    assert generation is not None
    assert (generation.status, generation.tally.current_scene_id) == ("running", "1")
    assert generation.tally.current_scene_title == "Scene 1"


async def test_a_stop_ends_it_after_the_current_scene_and_a_start_goes_on(
    stash: StashServer, library: Library, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    fill(stash, 1, 2, 3)
    scenes.hold_at = "2"
    generator = new_generator(scenes)
    assert await generator.ask_to_stop() is None
    await generator.start(CONFIG)
    await scenes.held.wait()
    stopping = await generator.ask_to_stop()
    assert stopping is not None
    assert stopping.status == "stopping"
    scenes.released.set()
    generation = await ended(generator)
    assert (generation.status, tally_of(generation)) == ("paused", (3, 2, 0, 0))
    assert await states(library) == {"1": DONE, "2": DONE}
    again = await generator.ask_to_stop()
    assert again is not None
    assert again.status == "paused"
    await generator.start(CONFIG)
    assert tally_of(await ended(generator)) == (3, 1, 0, 2)
    assert scenes.seen == ["1", "2", "3"]


async def test_a_stop_need_not_wait_until_stash_is_back(
    stash: StashServer, library: Library, client: StashClient, scenes: ScriptedScenes
) -> None:
    fill(stash, 1)
    stash.faults = Faults(status=503)
    one = SceneFingerprinter(scenes, client, library, lambda: VERSION)
    generator = FingerprintGenerator(one, client, library, lambda: Patience(first_seconds=600))
    await generator.start(CONFIG)
    await said_why_it_waits(generator)
    await generator.ask_to_stop()
    async with asyncio.timeout(30):
        assert (await ended(generator)).status == "paused"


async def test_after_a_restart_it_goes_on_where_it_was_with_the_same_knobs(
    tmp_path: Path, stash: StashServer, library: Library, client: StashClient, new_generator: NewGenerator
) -> None:
    fill(stash, 1, 2, 3, 4)
    before = ScriptedScenes(client, hold_at="3", unseen={"2"})
    generator = new_generator(before)
    await generator.start(GenerationConfig(num_frames=12))
    await before.held.wait()
    await generator.stop()
    interrupted = await generator.find()
    assert interrupted is not None
    assert interrupted.status == "paused"

    after, restarted = ScriptedScenes(client), Library(tmp_path)
    resumed = new_generator(after, restarted)
    await resumed.resume()
    generation = await ended(resumed)
    assert (generation.status, tally_of(generation)) == ("completed", (4, 3, 1, 0))
    assert after.seen == ["3", "4"]
    assert after.knobs is not None
    assert after.knobs.num_frames == 12
    await resumed.resume()
    assert (await ended(resumed)).status == "completed"
    await restarted.stop()


async def test_a_stop_that_was_asked_for_is_not_undone_by_a_restart(
    tmp_path: Path, stash: StashServer, client: StashClient, new_generator: NewGenerator
) -> None:
    fill(stash, 1, 2)
    before = ScriptedScenes(client, hold_at="1")
    generator = new_generator(before)
    await generator.start(CONFIG)
    await before.held.wait()
    await generator.ask_to_stop()
    await generator.stop()
    after, restarted = ScriptedScenes(client), Library(tmp_path)
    resumed = new_generator(after, restarted)
    await resumed.resume()
    assert (await ended(resumed)).status == "paused"
    assert after.seen == []
    await restarted.stop()


async def test_a_scene_that_ends_the_sidecar_is_passed_over_after_the_third_time(
    stash: StashServer, library: Library, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    fill(stash, 1, 2, 3)
    await library.save_scene(SceneFingerprint("1", 0, 60, VERSION, ()))
    fallen = Tally(total_scenes=3, successful=1, current_scene_id="2")
    seen = []
    for resumed in (0, 1, 2):

        def fall(connection: Connection, resumed: int = resumed) -> None:
            jobs.lock(connection, KIND)
            jobs.begin(connection, KIND, 99, config=asdict(CONFIG), progress=fallen.kept(), resumed=resumed)

        await library.writing(fall)
        scenes.hold_at, scenes.seen = ("2", []) if resumed < 2 else (None, [])
        scenes.held.clear()
        generator = new_generator(scenes)
        await generator.resume()
        if resumed < 2:
            await scenes.held.wait()
            await generator.stop()
        else:
            generation = await ended(generator)
        seen.append(scenes.seen)
    assert seen == [["2"], ["2"], ["3"]]
    assert (generation.status, tally_of(generation)) == ("completed", (3, 2, 1, 0))
    assert (await states(library))["2"].status == "error"


async def test_a_scene_that_is_deleted_meanwhile_is_passed_over(
    stash: StashServer, scenes: ScriptedScenes, new_generator: NewGenerator
) -> None:
    fill(stash, *range(1, 52))
    scenes.hold_at = "1"
    generator = new_generator(scenes)
    await generator.start(CONFIG)
    await scenes.held.wait()
    del stash.scenes["51"]
    scenes.released.set()
    assert tally_of(await ended(generator)) == (51, 50, 0, 1)
