"""Whether Stash can be reached with the address and key of the settings."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from stash_sense.readiness import Check
from stash_sense.stash.client import Priority, StashClient, StashError

logger = logging.getLogger(__name__)

_AGAIN_SECONDS: Final = 30.0


class StashContact:
    """Asks Stash for its version from the start on, until it has answered once.

    From then on every call that fails says why. For use from one event loop.
    """

    def __init__(self, stash: StashClient, again_seconds: float = _AGAIN_SECONDS) -> None:
        self._stash = stash
        self._again_seconds = again_seconds
        self._asking: asyncio.Task[None] | None = None
        self.check = (
            Check("stash", "starting", "Stash is being asked for its version")
            if stash.configured
            else Check("stash", "off", "STASH_URL is not set: calls that reach Stash answer 400")
        )

    def start(self) -> None:
        """Begin to ask; returns at once. To be called on the running event loop."""
        if self._stash.configured:
            self._asking = asyncio.get_running_loop().create_task(self._ask())
        else:
            logger.warning("%s", self.check.reason)

    async def stop(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _ask(self) -> None:
        told = ""
        while True:
            try:
                version = await self._stash.version(Priority.BULK)
            except StashError as error:
                self.check = Check("stash", "off", f"unavailable: {error}")
                # Once for each reason, not with every attempt.
                if str(error) != told:
                    told = str(error)
                    logger.warning("Stash is asked again every %.0f s: %s", self._again_seconds, error)
                await asyncio.sleep(self._again_seconds)
            else:
                self.check = Check("stash", "ok", f"Stash {version or 'of unknown version'} has answered")
                return
