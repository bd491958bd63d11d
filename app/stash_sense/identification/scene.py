"""Who is in a scene of Stash's."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Final

from stash_sense.identification.film_frames import FilmSource
from stash_sense.identification.lanes import Lane, Lanes
from stash_sense.identification.scene_knobs import SceneKnobs
from stash_sense.identification.scene_result import SceneIdentification
from stash_sense.identification.scene_work import SceneJob, SceneWork
from stash_sense.identification.stoppable import run_stoppable
from stash_sense.media.download import FetchError
from stash_sense.media.video.errors import VideoSourceError
from stash_sense.media.video.ffmpeg import load_ffmpeg
from stash_sense.media.video.stop import Stop
from stash_sense.service import Loaded, NotReadyError, RecognitionService
from stash_sense.stash.client import (
    Priority,
    StashClient,
    StashError,
    StashUnavailable,
)
from stash_sense.stash.objects.scenes import Scene, VideoFile

logger = logging.getLogger(__name__)

# The plugin waits for 180 s. What the models still have in hand, the search and the answer come after this.
INTERACTIVE_SECONDS: Final = 145.0
# Nobody waits, but a film that never ends must not hold up the others.
BACKGROUND_SECONDS: Final = 900.0
# How long background work lets others go before, at each frame.
_GIVE_WAY_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 0.05


class SceneIdentifier:
    """Fetches what Stash has of a scene and lets a thread look at it. For use from one event loop."""

    def __init__(self, service: RecognitionService, stash: StashClient, lanes: Lanes) -> None:
        self._service = service
        self._stash = stash
        self._lanes = lanes

    async def identify(
        self,
        scene_id: str,
        knobs: SceneKnobs,
        priority: Priority = Priority.INTERACTIVE,
        lane: Lane | None = None,
    ) -> SceneIdentification:
        """Name the people in a scene. A cancellation ends the work soon, and waits for that.

        Args:
            priority: of the questions to Stash.
            lane: in whose turn; by default background work for the priorities BACKGROUND and BULK.

        Raises:
            StashError: not configured, no such scene, unreachable.
            NotReadyError: no models or no database yet, or no turn in time.
            FfmpegMissingError, ModelError.
        """
        self._stash.scenes.stream_url(scene_id)  # before all else: is there a Stash, and may this be an id?
        if lane is None:
            lane = Lane.BACKGROUND if priority >= Priority.BACKGROUND else Lane.INTERACTIVE
        loaded = self._service.loaded()
        await asyncio.to_thread(load_ffmpeg)
        interactive = lane is Lane.INTERACTIVE
        waiting = Stop(INTERACTIVE_SECONDS if interactive else BACKGROUND_SECONDS)
        scene = await self._stash.scenes.get(scene_id, priority)
        try:
            async with self._lanes.turn(lane, waiting.remaining(BACKGROUND_SECONDS)):
                # Whoever waits for the answer waits for the turn as well; a film does not.
                stop = waiting if interactive else Stop(BACKGROUND_SECONDS)
                return await self._look(scene, knobs, lane, loaded, stop)
        except TimeoutError as error:
            raise NotReadyError("busy with other scenes; try again when they are done") from error
        except VideoSourceError as error:
            raise self._as_stash_error(scene.id, error) from error

    async def _look(
        self, scene: Scene, knobs: SceneKnobs, lane: Lane, loaded: Loaded, stop: Stop
    ) -> SceneIdentification:
        file = scene.files[0] if scene.files else None
        cover, notes = await self._cover(scene)
        job = SceneJob(
            scene_id=scene.id,
            source=self._source(scene.id, file),
            cover=cover,
            video_width=file.width if file is not None else 0,
            knobs=knobs,
            notes=notes,
        )
        work = SceneWork(job, loaded, self._service.limits, stop, lambda: self._give_way(lane, stop))
        found = await run_stoppable(work.run, stop)
        logger.info(
            "identified: scene %s, %d of %d frames, %d faces, %d persons, %d known, %.0f ms%s",
            found.scene_id,
            found.frames_analyzed,
            found.frames_requested,
            found.faces_detected,
            len(found.persons),
            sum(1 for person in found.persons if person.matches),
            found.timing.total_ms,
            "".join(f"; {line}" for line in found.errors),
        )
        return found

    def _source(self, scene_id: str, file: VideoFile | None) -> FilmSource:
        origin, url = self._stash.origin, self._stash.scenes.stream_url(scene_id)
        headers = origin.headers_for(url) if origin is not None else {}
        return FilmSource(url, headers, file.duration if file is not None and file.duration > 0 else None)

    async def _cover(self, scene: Scene) -> tuple[bytes | None, tuple[str, ...]]:
        """The cover, and what is to be said of it."""
        try:
            return await self._stash.scenes.download_cover(scene, self._service.limits.max_bytes), ()
        except (StashError, FetchError) as error:
            return None, (f"the cover is passed over: {error}",)

    def _give_way(self, lane: Lane, stop: Stop) -> None:
        """In a thread doing background work: let those go first whom somebody waits for."""
        if lane is Lane.INTERACTIVE:
            return
        patience, began = Stop(_GIVE_WAY_SECONDS), time.monotonic()
        while self._lanes.interactive_at_work and not stop.cancelled and patience.remaining(1.0) > 0:
            time.sleep(_LOOK_SECONDS)
        stop.postpone(time.monotonic() - began)

    def _as_stash_error(self, scene_id: str, error: VideoSourceError) -> StashUnavailable:
        if error.status in (401, 403) or "/login" in error.location:
            return StashUnavailable(
                f"Stash asks for a log-in to give the film of scene {scene_id} (HTTP {error.status}): set "
                "STASH_API_KEY to the key from Stash's settings, Security."
            )
        text = f"The film of scene {scene_id} cannot be had from Stash: {error}"
        return StashUnavailable(self._stash.origin.without_key(text) if self._stash.origin else text)
