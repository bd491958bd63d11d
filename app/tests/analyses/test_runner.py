"""Analyses in the background: one of a kind, ended in writing, patient with Stash, taken up after a stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from stash_sense.analyses.base import AnalysisContext
from stash_sense.analyses.duplicate_performer import DuplicatePerformer
from stash_sense.analyses.patience import Patience
from stash_sense.analyses.runner import AnalysisRunner, Started, UnknownAnalysisError
from stash_sense.library import analysis_runs
from stash_sense.library.analysis_runs import Run
from stash_sense.library.errors import StoreError
from stash_sense.library.library import Library
from stash_sense.stash.client import Priority, StashClient
from tests.support.gate import Faults
from tests.support.postgres import PostgresServer
from tests.support.stash_server import StashPerformer, StashServer

PAGES = 4


class TenByTen:
    """Looks at scenes page by page, and can be held at one."""

    type = "ten_by_ten"
    description = "Looks at scenes, ten at a time"

    def __init__(self, hold_at: int | None = None) -> None:
        self.hold_at = hold_at
        self.held = asyncio.Event()
        self.seen: list[int] = []
        self.priorities: set[Priority] = set()

    async def run(self, context: AnalysisContext) -> None:
        self.priorities.add(context.priority)
        for page in range(int(context.cursor or 0) + 1, PAGES + 1):
            await context.stash.scenes.page(page, 10, context.priority)
            self.seen.append(page)
            if page == self.hold_at:
                self.held.set()
                await asyncio.sleep(3600)
            await context.progress(page * 10, PAGES * 10, cursor=str(page))


class Failing:
    """Fails in a way that nobody foresaw."""

    type = "failing"
    description = "Fails"

    async def run(self, context: AnalysisContext) -> None:
        raise ZeroDivisionError("a division by zero")


def impatient() -> Patience:
    return Patience(first_seconds=0.01, longest_seconds=0.05, attempts=3)


NewRunner = Callable[..., AnalysisRunner]


@pytest.fixture
async def new_runner(client: StashClient, library: Library) -> AsyncIterator[NewRunner]:
    """Makes runners on the same library and Stash; they are stopped in the end."""
    made: list[AnalysisRunner] = []

    def new(*analyses: TenByTen | Failing | DuplicatePerformer, within: Library = library) -> AnalysisRunner:
        made.append(AnalysisRunner(analyses, client, within, impatient))
        return made[-1]

    yield new
    for runner in made:
        await runner.stop()


async def runs(library: Library) -> list[Run]:
    """Newest first."""
    return list(await library.reading(analysis_runs.newest))


async def ended(library: Library, run_id: int) -> Run:
    """The run, once it has ended."""
    async with asyncio.timeout(60):
        while True:
            found = await library.reading(lambda connection: analysis_runs.find(connection, run_id))
            assert found is not None
            if found.status != "running":
                return found
            await asyncio.sleep(0.02)


async def said_while_running(library: Library, run_id: int) -> str:
    """What the run waits for, once it does."""
    async with asyncio.timeout(60):
        while True:
            found = await library.reading(lambda connection: analysis_runs.find(connection, run_id))
            assert found is not None
            if found.status == "running" and found.error_message:
                return found.error_message
            await asyncio.sleep(0.005)


async def test_a_run_ends_completed_with_what_it_did(
    stash: StashServer, library: Library, new_runner: NewRunner
) -> None:
    box = [("https://stashdb.org/graphql", "a")]
    stash.performers = {number: StashPerformer("Ann", stash_ids=box) for number in ("1", "2", "3")}
    started = await new_runner(DuplicatePerformer()).start("duplicate_performer", full=False)
    run = await ended(library, started.run_id)
    assert (run.status, run.items_processed, run.items_total, run.recommendations_created) == (
        "completed",
        3,
        3,
        1,
    )
    assert run.completed_at is not None
    assert run.completed_at >= run.started_at
    assert run.error_message is None


async def test_one_of_a_kind_runs_at_a_time_and_another_kind_beside_it(
    library: Library, new_runner: NewRunner
) -> None:
    slow = TenByTen(hold_at=1)
    runner = new_runner(slow, Failing())
    first = await asyncio.gather(*(runner.start("ten_by_ten", full=False) for _ in range(3)))
    assert len({started.run_id for started in first}) == 1
    assert [started.already for started in first] == [False, True, True]
    await slow.held.wait()
    other = await runner.start("failing", full=False)
    assert (await ended(library, other.run_id)).status == "failed"
    assert len(await runs(library)) == 2


async def test_after_its_end_the_same_kind_can_run_again(library: Library, new_runner: NewRunner) -> None:
    runner = new_runner(TenByTen())
    for _ in range(2):
        started = await runner.start("ten_by_ten", full=False)
        assert not started.already
        assert (await ended(library, started.run_id)).status == "completed"


async def test_an_unknown_kind_is_refused_with_the_known_ones(new_runner: NewRunner) -> None:
    with pytest.raises(UnknownAnalysisError, match=r"'astrology'.*ten_by_ten, failing"):
        await new_runner(TenByTen(), Failing()).start("astrology", full=False)


async def test_an_analysis_that_fails_says_how_and_leaves_the_runner_whole(
    library: Library, new_runner: NewRunner
) -> None:
    runner = new_runner(Failing(), TenByTen())
    run = await ended(library, (await runner.start("failing", full=False)).run_id)
    assert (run.status, run.error_message) == ("failed", "a division by zero")
    run = await ended(library, (await runner.start("ten_by_ten", full=False)).run_id)
    assert run.status == "completed"


async def test_a_stash_that_goes_away_and_comes_back_costs_no_page_twice(
    stash: StashServer, library: Library, new_runner: NewRunner
) -> None:
    analysis = TenByTen()
    stash.faults = Faults(status=503, operations={"FindScenes"}, skip=2)
    started = await new_runner(analysis).start("ten_by_ten", full=False)
    assert "HTTP 503" in await said_while_running(library, started.run_id)
    stash.faults = Faults()
    run = await ended(library, started.run_id)
    assert (run.status, run.items_processed, run.error_message) == ("completed", PAGES * 10, None)
    assert analysis.seen == [1, 2, 3, 4]


async def test_a_stash_that_stays_away_fails_the_run_with_the_reason(
    stash: StashServer, library: Library, new_runner: NewRunner
) -> None:
    stash.faults = Faults(drop_connection=True, skip=1)
    started = await new_runner(TenByTen()).start("ten_by_ten", full=False)
    run = await ended(library, started.run_id)
    assert (run.status, run.items_processed) == ("failed", 10)
    assert "Stash" in (run.error_message or "")


async def test_a_library_that_is_busy_for_a_while_does_not_end_the_run(
    library: Library, new_runner: NewRunner
) -> None:
    class Unlucky(TenByTen):
        async def run(self, context: AnalysisContext) -> None:
            if not self.seen:
                self.seen.append(0)
                raise StoreError("database is locked (SQLITE_BUSY)")
            await super().run(context)

    started = await new_runner(Unlucky()).start("ten_by_ten", full=False)
    assert (await ended(library, started.run_id)).status == "completed"


async def test_what_stash_refuses_is_not_asked_again(
    stash: StashServer, library: Library, new_runner: NewRunner
) -> None:
    stash.faults = Faults(graphql_error="no such column")
    started = await new_runner(TenByTen()).start("ten_by_ten", full=False)
    run = await ended(library, started.run_id)
    assert run.status == "failed"
    assert "no such column" in (run.error_message or "")
    assert len(stash.asked("FindScenes")) == 1


async def test_a_run_that_a_stop_interrupted_fails_and_another_goes_on_from_where_it_was(
    tmp_path: Path, client: StashClient, library: Library, new_runner: NewRunner
) -> None:
    slow = TenByTen(hold_at=3)
    runner = new_runner(slow)
    await runner.start("ten_by_ten", full=True)
    await slow.held.wait()
    await runner.stop()
    assert [run.status for run in await runs(library)] == ["running"]

    restarted, again = Library(tmp_path), TenByTen()
    await new_runner(again, within=restarted).resume()
    newer, older = await runs(restarted)
    assert (older.status, older.error_message) == ("failed", "interrupted: the sidecar stopped")
    run = await ended(restarted, newer.id)
    assert (run.status, run.cursor) == ("completed", "4")
    assert again.seen == [3, 4]
    await restarted.stop()


async def test_nothing_is_taken_up_that_had_ended(library: Library, new_runner: NewRunner) -> None:
    runner = new_runner(TenByTen(), Failing())
    for kind in ("ten_by_ten", "failing"):
        await ended(library, (await runner.start(kind, full=False)).run_id)
    await runner.resume()
    assert len(await runs(library)) == 2


async def test_work_that_gets_no_further_is_not_taken_up_for_ever(
    tmp_path: Path, library: Library, new_runner: NewRunner
) -> None:
    async def start_and_fall(sidecar: Library, *, by_user: bool = False) -> int:
        stuck = TenByTen(hold_at=1)
        runner = new_runner(stuck, within=sidecar)
        if by_user:
            await runner.start("ten_by_ten", full=False)
        else:
            await runner.resume()
        await asyncio.sleep(0.3)
        await runner.stop()
        return len(stuck.seen)

    assert await start_and_fall(library, by_user=True) == 1
    seen = []
    for _ in range(5):
        restarted = Library(tmp_path)
        seen.append(await start_and_fall(restarted))
        await restarted.stop()
    assert seen == [1, 1, 1, 0, 0]
    assert {run.status for run in await runs(library)} == {"failed"}


async def test_a_run_that_a_user_starts_ends_what_was_left_over(
    tmp_path: Path, library: Library, new_runner: NewRunner
) -> None:
    slow = TenByTen(hold_at=1)
    runner = new_runner(slow)
    await runner.start("ten_by_ten", full=False)
    await slow.held.wait()
    await runner.stop()
    again = await runner.start("ten_by_ten", full=False)
    assert not again.already
    assert [run.status for run in await runs(library)] == ["running", "failed"]


async def test_sidecars_that_share_a_database_do_not_run_the_same_at_once(
    tmp_path: Path, postgres: PostgresServer, new_runner: NewRunner
) -> None:
    url = postgres.new_database()
    here, there = Library(tmp_path, url), Library(tmp_path, url)
    slow, other = TenByTen(hold_at=1), TenByTen()
    first = new_runner(slow, within=here)
    started = await first.start("ten_by_ten", full=False)
    await slow.held.wait()
    second = new_runner(other, within=there)
    assert await second.start("ten_by_ten", full=False) == Started(started.run_id, already=True)
    await second.resume()
    assert other.seen == []
    # The first one falls.
    await first.stop()
    await here.stop()
    again = await second.start("ten_by_ten", full=False)
    assert (await ended(there, again.run_id)).status == "completed"
    assert [run.status for run in await runs(there)] == ["completed", "failed"]
    await there.stop()


async def test_an_analysis_asks_stash_behind_whatever_somebody_waits_for(
    library: Library, new_runner: NewRunner
) -> None:
    analysis = TenByTen()
    started = await new_runner(analysis).start("ten_by_ten", full=False)
    await ended(library, started.run_id)
    assert analysis.priorities == {Priority.BACKGROUND}
    assert Priority.BACKGROUND > Priority.INTERACTIVE > Priority.USER_ACTION
