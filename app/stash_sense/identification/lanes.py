"""Who may work at the same time as whom: what somebody waits for, and what runs in the background."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Final

BACKGROUND_AT_ONCE: Final = 1


class Lane(StrEnum):
    """INTERACTIVE: somebody waits for the answer. BACKGROUND: nobody does, so it keeps out of the way."""

    INTERACTIVE = "interactive"
    BACKGROUND = "background"


class Lanes:
    """Turns. The lanes have turns of their own: background work never takes an interactive one's place."""

    def __init__(self, interactive_at_once: int) -> None:
        self._turns = {
            Lane.INTERACTIVE: asyncio.Semaphore(interactive_at_once),
            Lane.BACKGROUND: asyncio.Semaphore(BACKGROUND_AT_ONCE),
        }
        self._interactive = 0

    @property
    def interactive_at_work(self) -> bool:
        """Whether somebody waits for an answer just now; callable from any thread."""
        return self._interactive > 0

    @asynccontextmanager
    async def turn(self, lane: Lane, patience_seconds: float) -> AsyncIterator[None]:
        """Wait for a turn and hold it while the block runs. Raises TimeoutError when none comes in time."""
        interactive = lane is Lane.INTERACTIVE
        # From now on: who waits for a turn is to be served soon, too.
        self._interactive += interactive
        try:
            async with asyncio.timeout(patience_seconds) as patience, self._turns[lane]:
                patience.reschedule(None)
                yield
        finally:
            self._interactive -= interactive
