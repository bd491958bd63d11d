"""How long background work waits for a Stash that is away."""

from __future__ import annotations

import asyncio
import contextlib

from stash_sense.stash.client import StashRefused


class Patience:
    """Bounded retries with growing pauses.

    The defaults wait 2, 4, 8 ... s, then 2 minutes each time: a quarter of an hour in all, which is what an
    update of Stash with a migration of its database takes. Whatever gets done in between starts it anew.
    """

    def __init__(
        self, *, first_seconds: float = 2.0, longest_seconds: float = 120.0, attempts: int = 12
    ) -> None:
        self._first_seconds = first_seconds
        self._longest_seconds = longest_seconds
        self._attempts = attempts
        self._failures = 0

    def renew(self) -> None:
        """Something was done: Stash is there."""
        self._failures = 0

    def wears_out(self, error: Exception) -> bool:
        """Whether there is no point in trying again after this failure; counts it."""
        self._failures += 1
        return isinstance(error, StashRefused) or self._failures > self._attempts

    async def wait(self, unless: asyncio.Event | None = None) -> None:
        """Let as much time pass as the failures so far suggest, unless this event happens."""
        seconds = min(self._first_seconds * 2.0 ** (self._failures - 1), self._longest_seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await (unless or asyncio.Event()).wait()
