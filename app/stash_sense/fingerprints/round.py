"""One round through the scenes that need a fingerprint."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

from stash_sense.analyses.patience import Patience
from stash_sense.fingerprints.outstanding import outstanding
from stash_sense.fingerprints.progress import GenerationConfig, Tally
from stash_sense.fingerprints.scenes import SceneFingerprinter
from stash_sense.library import scene_fingerprints
from stash_sense.library.errors import StoreError
from stash_sense.library.jobs import JobTakenError
from stash_sense.library.library import Library
from stash_sense.service import NotReadyError
from stash_sense.stash.client import Priority, StashClient, StashUnavailable
from stash_sense.stash.objects.scenes import Scene

logger = logging.getLogger(__name__)

# Titles are asked for together, films looked at one by one.
_SCENES_PER_QUESTION: Final = 50
# So many scenes in a row that the sidecar itself cannot analyse: it will not be able to analyse the rest.
_MOST_FAILURES: Final = 5

Result = TypeVar("Result")
Note = Callable[[Tally, bool], Awaitable[bool]]
"""Writes the tally down, and whether a scene was finished since; gives whether to stop. Raises StoreError."""


class StopRequested(Exception):  # noqa: N818 - it is no error
    """Somebody wants it to end after the scene that is being looked at."""


@dataclass
class Round:
    """Looks at scenes until none is left, waiting for a Stash, a database or models that are away."""

    scenes: SceneFingerprinter
    stash: StashClient
    library: Library
    patience: Patience
    note: Note
    stopping: asyncio.Event
    _failures: int = field(default=0, init=False)
    _finished: bool = field(default=False, init=False)

    async def run(self, config: GenerationConfig, tally: Tally, culprit: str | None = None) -> None:
        """Go through all of them; `tally` says how far it is.

        Args:
            culprit: a scene that is to be passed over, for it ends the sidecar.

        Raises:
            StopRequested.
            JobTakenError: another sidecar does it.
            StashError, NotReadyError, StoreError, ModelError ...: there is no going on; the message says why.
        """
        todo = await self._patiently(tally, lambda: self._begin(config, tally, culprit))
        for start in range(0, len(todo), _SCENES_PER_QUESTION):
            ids = todo[start : start + _SCENES_PER_QUESTION]
            scenes = await self._patiently(tally, partial(self._ask, ids))
            for scene_id in ids:
                if scene_id in scenes:
                    await self._one(scenes[scene_id], config, tally)
                else:
                    # Deleted since the list was made.
                    tally.skipped += 1
        tally.current_scene_id = tally.current_scene_title = None

    async def _begin(self, config: GenerationConfig, tally: Tally, culprit: str | None) -> list[str]:
        # After a start it takes a while until there is one; without it every fingerprint would look outdated.
        db_version = self.scenes.db_version()
        if culprit is not None:
            await self.scenes.give_up(
                culprit, "the sidecar ended again and again while it looked at this scene"
            )
        ids = [scene.id async for scene in self.stash.scenes.all_ids(Priority.BULK)]
        known = await self.library.reading(scene_fingerprints.states)
        todo = outstanding(ids, known, db_version, refresh_outdated=config.refresh_outdated)
        tally.total_scenes = len(ids)
        tally.skipped = max(0, len(ids) - len(todo) - tally.successful - tally.failed)
        await self._write(tally, further=False)
        return todo

    async def _ask(self, ids: Sequence[str]) -> dict[str, Scene]:
        return {scene.id: scene for scene in await self.stash.scenes.by_ids(ids, Priority.BULK)}

    async def _one(self, scene: Scene, config: GenerationConfig, tally: Tally) -> None:
        tally.current_scene_id, tally.current_scene_title = scene.id, _title(scene)
        await self._patiently(tally, lambda: self._write(tally, further=self._finished))
        self._finished = False
        try:
            reason = await self._patiently(tally, lambda: self.scenes.make(scene, config))
        except (StopRequested, JobTakenError, StashUnavailable, NotReadyError, StoreError):
            raise
        except Exception as error:
            # Not the scene's fault as far as one can tell: nothing is kept of it, the next round tries again.
            logger.exception("scene %s could not be analysed", scene.id)
            self._failures += 1
            if self._failures >= _MOST_FAILURES:
                raise
            reason = str(error) or type(error).__name__
        else:
            self._failures = 0
        if reason is None:
            tally.successful += 1
        else:
            tally.failed += 1
        tally.error_message = None if reason is None else f"scene {scene.id}: {reason}"
        # Written down together with the next scene's beginning, or with the end.
        self._finished = True
        if self.stopping.is_set():
            raise StopRequested

    async def _write(self, tally: Tally, *, further: bool) -> None:
        if await self.note(tally, further) or self.stopping.is_set():
            raise StopRequested

    async def _patiently(self, tally: Tally, call: Callable[[], Awaitable[Result]]) -> Result:
        """What the call gives, tried again while it is something that comes back that is missing."""
        while True:
            try:
                result = await call()
            except (StashUnavailable, NotReadyError, StoreError) as error:
                if self.patience.wears_out(error):
                    raise
                logger.warning("fingerprints wait: %s", error)
                tally.error_message = str(error)
                with contextlib.suppress(StoreError):
                    await self._write(tally, further=False)
                await self.patience.wait(unless=self.stopping)
                if self.stopping.is_set():
                    raise StopRequested from error
            else:
                self.patience.renew()
                return result


def _title(scene: Scene) -> str | None:
    return scene.title or (scene.files[0].basename if scene.files else None)
