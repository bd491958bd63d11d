"""What goes on without anybody waiting for it: the analyses, and the making of fingerprints."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from stash_sense.analyses.base import Analysis
from stash_sense.analyses.duplicate_performer import DuplicatePerformer
from stash_sense.analyses.duplicate_scene_files import DuplicateSceneFiles
from stash_sense.analyses.duplicate_scenes.analysis import DuplicateScenes
from stash_sense.analyses.runner import AnalysisRunner
from stash_sense.analyses.upstream_changes.analysis import UpstreamPerformerChanges
from stash_sense.fingerprints.generator import FingerprintGenerator
from stash_sense.fingerprints.scenes import Identifier, SceneFingerprinter
from stash_sense.library.errors import StoreError
from stash_sense.library.library import Library
from stash_sense.service import RecognitionService
from stash_sense.stash.client import StashClient
from stash_sense.stashbox.boxes import StashBoxes

logger = logging.getLogger(__name__)

_RETRY_SECONDS: Final = 30.0


class Background:
    """Takes up at the start what the last stop has interrupted."""

    def __init__(
        self, service: RecognitionService, scenes: Identifier, stash: StashClient, library: Library
    ) -> None:
        def version() -> str | None:
            return None if service.database is None else service.database.manifest.version

        self._boxes = StashBoxes()
        analyses: tuple[Analysis, ...] = (
            DuplicatePerformer(),
            DuplicateSceneFiles(),
            DuplicateScenes(),
            UpstreamPerformerChanges(self._boxes),
        )
        self._configured = stash.configured
        self.analyses = AnalysisRunner(analyses, stash, library)
        self.fingerprints = FingerprintGenerator(
            SceneFingerprinter(scenes, stash, library, version), stash, library
        )
        self._resuming: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take up; returns at once. To be called on the running event loop."""
        if self._configured:
            self._resuming = asyncio.get_running_loop().create_task(self._resume())

    async def stop(self) -> None:
        """Interrupt everything; the next start takes it up."""
        if self._resuming is not None:
            self._resuming.cancel()
            await asyncio.gather(self._resuming, return_exceptions=True)
        await self.analyses.stop()
        await self.fingerprints.stop()
        await self._boxes.aclose()

    async def _resume(self) -> None:
        told = ""
        while True:
            try:
                await self.analyses.resume()
                await self.fingerprints.resume()
            except StoreError as error:
                # Once for each reason, not with every attempt.
                if str(error) != told:
                    told = str(error)
                    logger.warning("what was interrupted waits for the database: %s", error)
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return
