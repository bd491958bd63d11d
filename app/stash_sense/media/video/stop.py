"""Ending work in a thread: nobody waits for it any more, or its time is up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class StoppedError(Exception):
    """The work is to end now."""


class CancelledWorkError(StoppedError):
    """Nobody waits for the result."""


class TimeUpError(StoppedError):
    """What has been found until now is the result."""


class Stop:
    """Tells working threads when to end. Safe to use from several threads."""

    def __init__(self, seconds: float | None = None) -> None:
        """``seconds``: for so long, from now on, the work may go on; None for ever."""
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self._cancelled = threading.Event()
        self._interrupts: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def cancel(self) -> None:
        """End the work, and wake threads that wait inside `interruptible`."""
        self._cancelled.set()
        with self._lock:
            interrupts = list(self._interrupts)
        for interrupt in interrupts:
            interrupt()

    def postpone(self, seconds: float) -> None:
        """Time in which nothing was to be done does not count."""
        if self._deadline is not None:
            self._deadline += seconds

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def remaining(self, most: float) -> float:
        """Seconds until the deadline, at most ``most`` and never below 0."""
        return most if self._deadline is None else max(0.0, min(most, self._deadline - time.monotonic()))

    def check(self) -> None:
        """Raise CancelledWorkError or TimeUpError when it is time to end."""
        if self._cancelled.is_set():
            raise CancelledWorkError("the work was cancelled")
        if self._deadline is not None and time.monotonic() >= self._deadline:
            raise TimeUpError("the time is up")

    @contextmanager
    def interruptible(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """While the block runs, `cancel` also calls ``interrupt``, from the thread that cancels."""
        with self._lock:
            self._interrupts.append(interrupt)
        try:
            yield
        finally:
            with self._lock:
                self._interrupts.remove(interrupt)
