"""One queue for all calls to Stash: so many a second, the more urgent first."""

import asyncio
import heapq
import itertools
import time
from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum

_OBSERVED_SECONDS = 10.0


class Priority(IntEnum):
    """Who waits for the answer; lower is served first."""

    USER_ACTION = 0
    INTERACTIVE = 1
    BACKGROUND = 2
    BULK = 3


@dataclass(frozen=True)
class RateLimiterStats:
    """Counters since the start; times in seconds, the rate over the last ten seconds."""

    total_requests: int
    total_wait_time: float
    avg_wait_time: float
    requests_per_second: float
    queue_depth: int


@dataclass(order=True)
class _Waiter:
    priority: Priority
    number: int
    turn: asyncio.Future[None] = field(compare=False)


class RateLimiter:
    """Lets calls through at least `1 / rate` seconds apart: by priority, within one in order of arrival.

    There are no bursts: in any t seconds at most `rate * t + 1` calls pass. A caller that is cancelled while
    it waits costs nobody a turn. For use from one event loop.
    """

    def __init__(self, rate: float) -> None:
        """`rate` in calls per second, above 0."""
        if not rate > 0:
            raise ValueError(
                f"a rate of {rate} requests per second lets nothing through; expected more than 0"
            )
        self._interval = 1.0 / rate
        self._waiters: list[_Waiter] = []
        self._numbers = itertools.count()
        self._next_turn = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._passed: deque[float] = deque()
        self._total_requests = 0
        self._total_wait_time = 0.0

    async def acquire(self, priority: Priority = Priority.INTERACTIVE) -> None:
        """Return when it is this caller's turn."""
        loop = asyncio.get_running_loop()
        asked = loop.time()
        waiter = _Waiter(priority, next(self._numbers), loop.create_future())
        heapq.heappush(self._waiters, waiter)
        self._serve(loop)
        try:
            await waiter.turn
        except asyncio.CancelledError:
            if waiter.turn.done() and not waiter.turn.cancelled():
                # The turn came together with the cancellation: nobody called, so the next one may at once.
                self._next_turn = 0.0
                self._serve(loop)
            raise
        self._count(asked, loop.time())

    def stats(self) -> RateLimiterStats:
        """The counters as they are now; callable from any thread."""
        total = self._total_requests
        return RateLimiterStats(
            total_requests=total,
            total_wait_time=self._total_wait_time,
            avg_wait_time=self._total_wait_time / total if total else 0.0,
            requests_per_second=self._recent() / _OBSERVED_SECONDS,
            queue_depth=sum(not waiter.turn.done() for waiter in tuple(self._waiters)),
        )

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give the turn to the first waiter if it is time, and come back when it is time for the next."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiters and self._waiters[0].turn.done():
            heapq.heappop(self._waiters)
        if not self._waiters:
            return
        now = loop.time()
        if now >= self._next_turn:
            heapq.heappop(self._waiters).turn.set_result(None)
            self._next_turn = now + self._interval
        if self._waiters:
            self._timer = loop.call_at(self._next_turn, self._serve, loop)

    def _count(self, asked: float, now: float) -> None:
        self._total_requests += 1
        self._total_wait_time += now - asked
        self._passed.append(now)
        while self._passed[0] < now - _OBSERVED_SECONDS:
            self._passed.popleft()

    def _recent(self) -> int:
        # time.monotonic is what event loops on POSIX measure by.
        oldest = time.monotonic() - _OBSERVED_SECONDS
        return sum(passed >= oldest for passed in tuple(self._passed))
