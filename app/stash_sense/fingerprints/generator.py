"""Makes the fingerprints of all scenes, one at a time, and goes on where a stop has interrupted it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from sqlalchemy import Connection

from stash_sense.analyses.patience import Patience
from stash_sense.fingerprints.progress import Generation, GenerationConfig, Tally
from stash_sense.fingerprints.round import Round, StopRequested
from stash_sense.fingerprints.scenes import SceneFingerprinter
from stash_sense.library import jobs, owners
from stash_sense.library.errors import StoreError
from stash_sense.library.jobs import JobStatus, JobTakenError
from stash_sense.library.library import Library
from stash_sense.stash.client import StashClient

logger = logging.getLogger(__name__)

KIND: Final = "fingerprints"
# So often a scene may end the sidecar before it is passed over.
_MOST_RESUMED: Final = 2


class AlreadyRunningError(Exception):
    """It is going on, here or in another sidecar on the same database."""


class FingerprintGenerator:
    """One generation at a time. For use from one event loop."""

    def __init__(
        self,
        scenes: SceneFingerprinter,
        stash: StashClient,
        library: Library,
        patience: Callable[[], Patience] = Patience,
    ) -> None:
        self._scenes = scenes
        self._stash = stash
        self._library = library
        self._patience = patience
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        # From a claim to its task nobody else may look.
        self._claiming = asyncio.Lock()

    async def start(self, config: GenerationConfig) -> None:
        """Begin; returns at once. Raises AlreadyRunningError, StoreError."""

        def take(connection: Connection) -> None:
            job = jobs.lock(connection, KIND)
            if job.at_work(self._at_work(connection)):
                raise AlreadyRunningError("the fingerprints are being generated already; stop that first")
            self._own(connection, config, Tally())

        async with self._claiming:
            await self._library.writing(take)
            self._begin(config, Tally())

    async def resume(self) -> None:
        """Go on with what was interrupted, if anything was. Raises StoreError."""
        async with self._claiming:
            found = await self._library.writing(self._take_up)
            if found is None:
                return
            config, tally, culprit = found
            logger.info("the fingerprints go on after %d scenes", tally.processed_scenes)
            self._begin(config, tally, culprit)

    async def ask_to_stop(self) -> Generation | None:
        """Let it end after the current scene; gives what there is, None when there never was one."""

        def ask(connection: Connection) -> None:
            job = jobs.lock(connection, KIND)
            if job.status == "running":
                going_on = job.at_work(self._at_work(connection))
                jobs.set_status(connection, KIND, "stopping" if going_on else "paused")

        if await self.find() is None:
            return None
        await self._library.writing(ask)
        if self._task is not None:
            self._stopping.set()
        return await self.find()

    async def find(self) -> Generation | None:
        """The last or present one; None when there never was one. Raises StoreError."""

        def read(connection: Connection) -> Generation | None:
            job = jobs.find(connection, KIND)
            if job is None or job.status == "idle":
                return None
            interrupted = job.interrupted(self._at_work(connection))
            return Generation("paused" if interrupted else job.status, Tally.read(job.progress))

        return await self._library.reading(read)

    async def stop(self) -> None:
        """Interrupt it; the next start of the sidecar goes on with it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _at_work(self, connection: Connection) -> set[int]:
        return owners.at_work(connection, self._library.owner, here=self._task is not None)

    def _own(self, connection: Connection, config: GenerationConfig, tally: Tally, resumed: int = 0) -> None:
        jobs.begin(
            connection,
            KIND,
            self._library.owner,
            config=asdict(config),
            progress=tally.kept(),
            resumed=resumed,
        )

    def _take_up(self, connection: Connection) -> tuple[GenerationConfig, Tally, str | None] | None:
        """What to go on with, and the scene that is to be passed over."""
        job = jobs.lock(connection, KIND)
        if not job.interrupted(self._at_work(connection)):
            return None
        if job.status == "stopping":
            jobs.set_status(connection, KIND, "paused")
            return None
        config, tally = GenerationConfig(**job.config), Tally.read(job.progress)
        culprit = tally.current_scene_id if job.resumed >= _MOST_RESUMED else None
        if culprit is not None:
            tally.failed += 1
            tally.current_scene_id = None
        # A stop that was asked for leaves no scene behind.
        fell = tally.current_scene_id is not None
        self._own(connection, config, tally, job.resumed + 1 if fell else 0)
        return config, tally, culprit

    def _begin(self, config: GenerationConfig, tally: Tally, culprit: str | None = None) -> None:
        self._stopping = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._work(config, tally, culprit))
        self._task.add_done_callback(self._forget)

    def _forget(self, ended: asyncio.Task[None]) -> None:
        if self._task is ended:
            self._task = None

    async def _work(self, config: GenerationConfig, tally: Tally, culprit: str | None) -> None:
        one = Round(self._scenes, self._stash, self._library, self._patience(), self._note, self._stopping)
        try:
            await one.run(config, tally, culprit)
        except asyncio.CancelledError:
            tally.current_scene_id = tally.current_scene_title = None
            await self._write_down_the_stop(tally)
            raise
        except StopRequested:
            tally.current_scene_id = tally.current_scene_title = None
            await self._end("paused", tally)
        except JobTakenError:
            logger.warning("another sidecar has taken the fingerprints over")
        except Exception as error:  # whatever it is, it is shown, and the sidecar goes on
            logger.exception("the fingerprints end after %d scenes", tally.processed_scenes)
            tally.error_message = str(error) or type(error).__name__
            await self._end("error", tally)
        else:
            tally.error_message = None
            await self._end("completed", tally)

    async def _note(self, tally: Tally, further: bool) -> bool:
        kept, mine = tally.kept(), self._library.owner
        status = await self._library.writing(
            lambda connection: jobs.note(connection, KIND, mine, kept, further=further)
        )
        return status == "stopping"

    async def _write_down_the_stop(self, tally: Tally) -> None:
        try:
            await self._note(tally, further=False)
        except (StoreError, JobTakenError) as error:
            logger.warning("the fingerprints' state is not kept: %s", error)

    async def _end(self, status: JobStatus, tally: Tally) -> None:
        kept, mine = tally.kept(), self._library.owner
        try:
            await self._library.writing(lambda connection: jobs.end(connection, KIND, mine, status, kept))
        except StoreError as error:
            # Shown as interrupted, and taken up at the next start.
            logger.error("the end of the fingerprints is not kept: %s", error)
