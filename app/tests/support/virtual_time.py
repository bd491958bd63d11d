"""An event loop whose clock jumps instead of waiting: timing tests that are exact and take no time."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import TypeVar

Result = TypeVar("Result")


class _Jumping(selectors.DefaultSelector):
    """Passes the time until the next timer in no time."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout:
            self.now += timeout
        return ready


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _Jumping()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def run_in_virtual_time(main: Coroutine[object, object, Result]) -> Result:
    """Run `main` on a clock that starts at 0; for code that waits for timers only, not for sockets."""
    with asyncio.Runner(loop_factory=_VirtualLoop) as runner:
        return runner.run(main)
