"""One scene's fingerprint: looked at, told from a Stash that is away, and written down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, Protocol

from stash_sense.fingerprints.progress import GenerationConfig
from stash_sense.identification.scene_knobs import SceneKnobs
from stash_sense.identification.scene_result import SceneIdentification
from stash_sense.library import scene_fingerprints
from stash_sense.library.library import Library
from stash_sense.service import NotReadyError
from stash_sense.stash.client import Priority, StashClient, StashNotFound, StashUnavailable
from stash_sense.stash.objects.scenes import Scene

logger = logging.getLogger(__name__)

# Below this part of the frames, one asks oneself whether Stash went away in the middle.
_ENOUGH: Final = 0.5


class Identifier(Protocol):
    """Who names the people in a scene; see ``identification.scene.SceneIdentifier``."""

    async def identify(
        self, scene_id: str, knobs: SceneKnobs, priority: Priority = ...
    ) -> SceneIdentification: ...


class SceneFingerprinter:
    """Makes a scene's fingerprint and keeps it, or keeps that there can be none."""

    def __init__(
        self,
        identifier: Identifier,
        stash: StashClient,
        library: Library,
        db_version: Callable[[], str | None],
    ) -> None:
        self._identifier = identifier
        self._stash = stash
        self._library = library
        self._db_version = db_version

    def db_version(self) -> str:
        """Of the recognition database that answers now. Raises NotReadyError while there is none."""
        version = self._db_version()
        if version is None:
            raise NotReadyError("no database is loaded yet")
        return version

    async def make(self, scene: Scene, config: GenerationConfig) -> str | None:
        """Gives why the scene cannot be analysed, else None.

        Raises:
            StashUnavailable: it is Stash that is away, not the scene that is broken; nothing is kept.
            NotReadyError: there are no models, or no database, yet.
            ModelError, FfmpegMissingError: it is the sidecar that cannot; nothing is kept.
            StoreError: it cannot be kept.
        """
        knobs = SceneKnobs(
            num_frames=config.num_frames,
            min_face_size=config.min_face_size,
            max_distance=config.max_distance,
            tagged=frozenset(known.stash_id for one in scene.performers for known in one.stash_ids),
        )
        try:
            found = await self._look(scene, knobs)
        except (StashUnavailable, StashNotFound) as error:
            await self._assert_stash_is_there()
            await self.give_up(scene.id, str(error))
            return str(error)
        if found.film_frames < _ENOUGH * found.frames_requested:
            await self._assert_stash_is_there()
        fingerprint = found.fingerprint
        if fingerprint is None:
            reason = "; ".join(found.errors) or "nothing of it could be seen"
            await self.give_up(scene.id, reason)
            return reason
        await self._library.writing(lambda connection: scene_fingerprints.save(connection, fingerprint))
        return None

    async def _look(self, scene: Scene, knobs: SceneKnobs) -> SceneIdentification:
        try:
            return await self._identifier.identify(scene.id, knobs, Priority.BULK)
        except StashUnavailable:
            await self._assert_stash_is_there()
            # It is: either it has just come back, or it is the scene, which the second time tells.
            return await self._identifier.identify(scene.id, knobs, Priority.BULK)

    async def give_up(self, scene_id: str, reason: str) -> None:
        """Keep that there can be none. Raises StoreError, NotReadyError."""
        version = self.db_version()
        logger.warning("scene %s has no fingerprint: %s", scene_id, reason)
        await self._library.writing(
            lambda connection: scene_fingerprints.mark_error(connection, scene_id, version)
        )

    async def _assert_stash_is_there(self) -> None:
        await self._stash.version(Priority.BULK)
