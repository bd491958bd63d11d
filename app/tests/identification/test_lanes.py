from __future__ import annotations

import asyncio
import threading

import pytest

from stash_sense.identification.lanes import Lane, Lanes
from stash_sense.identification.stoppable import run_stoppable
from stash_sense.media.video.stop import CancelledWorkError, Stop


async def test_background_work_never_takes_an_interactive_turn() -> None:
    lanes = Lanes(1)
    async with lanes.turn(Lane.BACKGROUND, 1), lanes.turn(Lane.INTERACTIVE, 1):
        with pytest.raises(TimeoutError):
            async with lanes.turn(Lane.BACKGROUND, 0.05):
                pass
        with pytest.raises(TimeoutError):
            async with lanes.turn(Lane.INTERACTIVE, 0.05):
                pass
    async with lanes.turn(Lane.BACKGROUND, 1), lanes.turn(Lane.INTERACTIVE, 1):
        pass


async def test_the_patience_is_for_the_turn_and_not_for_the_work() -> None:
    async with Lanes(1).turn(Lane.INTERACTIVE, 0.05):
        await asyncio.sleep(0.2)


async def test_background_work_can_see_that_somebody_waits() -> None:
    lanes = Lanes(1)
    async with lanes.turn(Lane.BACKGROUND, 1):
        assert not lanes.interactive_at_work
        async with lanes.turn(Lane.INTERACTIVE, 1):
            assert lanes.interactive_at_work
        assert not lanes.interactive_at_work


async def test_a_cancelled_caller_ends_the_thread_and_waits_for_it() -> None:
    stop = Stop()
    started, ended = threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        try:
            while True:
                stop.check()
        finally:
            ended.set()

    running = asyncio.ensure_future(run_stoppable(work, stop))
    await asyncio.to_thread(started.wait)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert ended.is_set()


async def test_results_and_errors_of_the_thread_come_through() -> None:
    assert await run_stoppable(lambda: 7, Stop()) == 7

    def refuse() -> None:
        raise CancelledWorkError("no")

    with pytest.raises(CancelledWorkError):
        await run_stoppable(refuse, Stop())
