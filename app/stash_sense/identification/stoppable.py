"""Blocking work in a thread that ends soon after nobody awaits it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

from stash_sense.media.video.stop import Stop

T = TypeVar("T")


async def run_stoppable(work: Callable[[], T], stop: Stop) -> T:
    """Run ``work`` in a thread; a cancellation reaches it by ``stop`` and waits until it has ended.

    The caller limits how many of these run at a time.
    """
    own_turn = anyio.CapacityLimiter(1)
    running = asyncio.ensure_future(anyio.to_thread.run_sync(work, limiter=own_turn))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        stop.cancel()
        await asyncio.wait([running])
        if not running.cancelled():
            # Whatever it ended with, it was told to end.
            running.exception()
        raise
