"""Work for a client that may go away: then nobody needs it any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import Request

logger = logging.getLogger(__name__)

T = TypeVar("T")


class ClientGoneError(Exception):
    """Nobody reads the answer; the status of it is for the log alone."""


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Await ``work``; it is cancelled, and its end awaited, when the client closes the connection.

    Raises:
        ClientGoneError: it did.
    """
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        logger.info("%s: the client is gone, the work ends", request.url.path)
        raise ClientGoneError("the client closed the connection before the answer")
    finally:
        watching.cancel()
        working.cancel()
        await asyncio.wait({working, watching})


async def _gone(request: Request) -> None:
    # The body has been read: whatever comes now is empty, until the connection is closed.
    while (await request.receive())["type"] != "http.disconnect":
        pass
