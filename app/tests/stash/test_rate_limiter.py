"""The queue for calls to Stash."""

import asyncio
import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_sense.stash.rate_limiter import Priority, RateLimiter
from tests.support.virtual_time import run_in_virtual_time


@pytest.mark.parametrize("rate", [0, -1, float("nan")])
def test_a_rate_that_lets_nothing_through_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        RateLimiter(rate)


async def test_the_first_call_does_not_wait() -> None:
    limiter = RateLimiter(0.01)
    async with asyncio.timeout(1):
        await limiter.acquire()


async def test_calls_pass_no_faster_than_the_rate_and_hardly_slower() -> None:
    limiter, passed = RateLimiter(50), []
    started = time.monotonic()

    async def call() -> None:
        await limiter.acquire()
        passed.append(time.monotonic() - started)

    await asyncio.gather(*(call() for _ in range(26)))
    # 26 calls are 25 intervals of 20 ms. In any window no more than rate * t + 1 pass.
    assert 0.5 <= passed[-1] < 2
    assert all(passed[i + 10] - passed[i] >= 10 / 50 - 0.015 for i in range(16))


async def test_idle_time_is_not_saved_up_for_a_burst() -> None:
    limiter = RateLimiter(20)
    await limiter.acquire()
    await asyncio.sleep(0.3)
    started = time.monotonic()
    for _ in range(4):
        await limiter.acquire()
    assert time.monotonic() - started >= 3 / 20 - 0.01


@given(st.lists(st.sampled_from(Priority), min_size=1, max_size=40))
def test_the_more_urgent_pass_first_and_equals_in_order_of_arrival(priorities: list[Priority]) -> None:
    async def run() -> list[tuple[Priority, int]]:
        limiter, order = RateLimiter(5), []
        await limiter.acquire()

        async def call(number: int, priority: Priority) -> None:
            await limiter.acquire(priority)
            order.append((priority, number))

        await asyncio.gather(*(call(*item) for item in enumerate(priorities)))
        return order

    expected = sorted((priority, number) for number, priority in enumerate(priorities))
    assert run_in_virtual_time(run()) == expected


@given(
    st.sampled_from([0.5, 5.0, 1000.0]),
    st.lists(st.tuples(st.floats(0, 5), st.sampled_from(Priority)), min_size=1, max_size=30),
)
def test_no_pattern_of_arrivals_gets_more_than_the_rate_through(
    rate: float, arrivals: list[tuple[float, Priority]]
) -> None:
    async def run() -> list[float]:
        limiter, passed = RateLimiter(rate), []

        async def call(delay: float, priority: Priority) -> None:
            await asyncio.sleep(delay)
            await limiter.acquire(priority)
            passed.append(asyncio.get_running_loop().time())

        await asyncio.gather(*(call(*arrival) for arrival in arrivals))
        return passed

    passed = run_in_virtual_time(run())
    assert len(passed) == len(arrivals)
    gaps = [later - earlier for earlier, later in itertools.pairwise(passed)]
    assert all(gap >= 1 / rate - 1e-6 for gap in gaps)
    # Nor is a turn wasted: the last one passes as soon as arrivals and rate allow.
    assert passed[-1] <= max(delay for delay, _ in arrivals) + len(arrivals) / rate


async def test_a_user_s_action_overtakes_a_long_bulk_queue() -> None:
    limiter = RateLimiter(50)
    bulk = [asyncio.create_task(limiter.acquire(Priority.BULK)) for _ in range(200)]
    await asyncio.sleep(0.05)
    started = time.monotonic()
    await limiter.acquire(Priority.USER_ACTION)
    assert time.monotonic() - started < 0.2
    for task in bulk:
        task.cancel()
    await asyncio.gather(*bulk, return_exceptions=True)


async def test_a_cancelled_waiter_costs_nobody_a_turn() -> None:
    limiter = RateLimiter(20)
    await limiter.acquire()
    leaving = [asyncio.create_task(limiter.acquire(Priority.USER_ACTION)) for _ in range(50)]
    staying = asyncio.create_task(limiter.acquire(Priority.BULK))
    await asyncio.sleep(0)
    assert limiter.stats().queue_depth == 51
    for task in leaving:
        task.cancel()
    await asyncio.gather(*leaving, return_exceptions=True)
    assert limiter.stats().queue_depth == 1
    async with asyncio.timeout(0.5):
        await staying
    assert limiter.stats().queue_depth == 0


def test_a_turn_that_comes_together_with_the_cancellation_goes_to_the_next() -> None:
    async def run() -> None:
        loop, limiter = asyncio.get_running_loop(), RateLimiter(2)
        await limiter.acquire()
        leaving = asyncio.create_task(limiter.acquire())
        next_one = asyncio.create_task(limiter.acquire())
        # Within the same step of the loop as the turn, but after it: the task has its turn, and has not run.
        loop.call_at(0.5 + 5e-10, leaving.cancel)
        await next_one
        assert leaving.cancelled()
        assert loop.time() == pytest.approx(0.5)
        assert limiter.stats().total_requests == 2

    run_in_virtual_time(run())


async def test_the_loop_stays_free_while_thousands_wait() -> None:
    limiter = RateLimiter(1_000)
    waiting = [asyncio.create_task(limiter.acquire(Priority.BULK)) for _ in range(5_000)]
    await asyncio.sleep(0.1)
    longest = 0.0
    for _ in range(20):
        asked = time.monotonic()
        await asyncio.sleep(0.005)
        longest = max(longest, time.monotonic() - asked)
    assert longest < 0.1
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_the_counters_tell_what_happened() -> None:
    limiter = RateLimiter(10)
    before = limiter.stats()
    assert (before.total_requests, before.total_wait_time, before.avg_wait_time) == (0, 0, 0)
    assert (before.requests_per_second, before.queue_depth) == (0, 0)
    calls = [asyncio.create_task(limiter.acquire()) for _ in range(3)]
    await asyncio.sleep(0.01)
    assert limiter.stats().queue_depth == 2
    await asyncio.gather(*calls)
    after = limiter.stats()
    assert after.total_requests == 3
    assert 0.28 < after.total_wait_time < 1
    assert after.avg_wait_time == pytest.approx(after.total_wait_time / 3)
    assert after.requests_per_second == pytest.approx(0.3)
    assert after.queue_depth == 0
