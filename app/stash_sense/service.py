"""The running service: models and database being loaded in the background, and identification."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import anyio
import anyio.to_thread
import numpy as np
from numpy.typing import NDArray

from stash_sense.database.load import FaceDatabase
from stash_sense.inference.manifest import ModelError
from stash_sense.media.decode import ImageLimits, decode_image
from stash_sense.readiness import Check, EngineState, engine_loaded, readiness_checks
from stash_sense.recognition.database_slot import DatabaseSlot
from stash_sense.recognition.engine import load_engine
from stash_sense.recognition.pipeline import FacePipeline
from stash_sense.recognition.recogniser import IdentifiedFace, Query, identify
from stash_sense.settings import Settings
from stash_sense.signals.body.ratios import BodyRatios
from stash_sense.signals.reports import SignalKnobs, SignalReport
from stash_sense.signals.signals import Signals

logger = logging.getLogger(__name__)


class NotReadyError(Exception):
    """Nothing can be identified yet, or at all; the message says why."""


@dataclass(frozen=True, eq=False)
class Identification:
    """The answer about one picture, the size of the picture as it was analysed, and what answered.

    Attributes:
        signals: what became of each signal.
        bodies: each face's body, None where none was measured.
    """

    faces: list[IdentifiedFace]
    width: int
    height: int
    db_version: str
    signals: Sequence[SignalReport]
    bodies: Sequence[BodyRatios | None]


@dataclass(frozen=True, eq=False)
class Loaded:
    """What answers as of one moment; its holder may go on using a database that is exchanged meanwhile."""

    pipeline: FacePipeline
    database: FaceDatabase


class RecognitionService:
    """Loads in the background, answers when loaded. All blocking work runs in worker threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._limits = ImageLimits(max_bytes=settings.max_image_bytes, max_pixels=settings.max_image_pixels)
        self._signals = Signals(settings)
        self._slot = DatabaseSlot(settings.data_dir, self._signals.prepare)
        self._engine = EngineState()
        self._workers = anyio.CapacityLimiter(settings.identify_concurrency)
        self._loading: set[asyncio.Task[None]] = set()

    @property
    def limits(self) -> ImageLimits:
        return self._limits

    @property
    def database(self) -> FaceDatabase | None:
        return self._slot.state.database

    def checks(self) -> list[Check]:
        """The readiness checks as of now; cheap."""
        required = readiness_checks(self._slot.state, self._engine, self._settings.require_gpu)
        return [*required, *self._signals.checks(self.database)]

    def start(self) -> None:
        """Begin loading models and database; returns at once. To be called on the running event loop."""
        self._in_background(self._load_engine)
        self.reload_database()

    def reload_database(self) -> None:
        """Load what the data folder holds now and swap to it when it is good; returns at once."""
        self._in_background(self._load_database)

    async def stop(self) -> None:
        """Wait for loads that are under way; they cannot be interrupted half-way."""
        await asyncio.to_thread(self._signals.stop)
        await asyncio.gather(*self._loading, return_exceptions=True)

    def loaded(self) -> Loaded:
        """The models and the database. Raises NotReadyError."""
        engine, database = self._engine.engine, self._slot.state.database
        if engine is None:
            raise NotReadyError(
                f"not ready: {self._engine.error or 'the models are being loaded; try again soon'}"
            )
        if database is None:
            raise NotReadyError(f"no database is loaded: {self._slot.state.reason}")
        return Loaded(engine.pipeline, database)

    async def identify(
        self,
        data: bytes,
        query: Query,
        workers: anyio.CapacityLimiter | None = None,
        signals: SignalKnobs | None = None,
    ) -> Identification:
        """Name the people in an encoded image.

        Args:
            workers: in whose turn it is done; by default, in that of single pictures.
            signals: what may weigh besides the face; by default, all that the settings want.

        Raises:
            NotReadyError: no models or no database yet.
            ImageError: the bytes are not an image that is accepted.
            ModelError: a model failed.
        """
        knobs = signals or SignalKnobs()
        limiter = workers or self._workers
        return await anyio.to_thread.run_sync(self._identify, data, query, knobs, limiter=limiter)

    def _identify(self, data: bytes, query: Query, knobs: SignalKnobs) -> Identification:
        loaded = self.loaded()
        start = time.perf_counter()
        image: NDArray[np.uint8] = decode_image(data, self._limits)
        signals = self._signals.of_picture(loaded.database, knobs)
        faces = identify(loaded.pipeline, loaded.database, image, query, signals.weigh)
        named = sum(1 for face in faces if face.matches)
        milliseconds = (time.perf_counter() - start) * 1000
        logger.info("identified: %d faces, %d named, %.0f ms", len(faces), named, milliseconds)
        height, width = image.shape[:2]
        version = loaded.database.manifest.version
        return Identification(faces, width, height, version, signals.reports, signals.bodies)

    def _in_background(self, load: Callable[[], None]) -> None:
        task = asyncio.get_running_loop().create_task(asyncio.to_thread(load))
        self._loading.add(task)
        task.add_done_callback(self._loading.discard)

    def _load_engine(self) -> None:
        try:
            self._engine = engine_loaded(load_engine(self._settings))
        except ModelError as error:
            logger.error("models are not loaded: %s", error)
            self._engine = EngineState(error=f"not ready: {error}")
        except Exception as error:  # whatever it is, /ready must say so instead of "being loaded" for ever
            logger.exception("models are not loaded")
            self._engine = EngineState(error=f"not ready: {type(error).__name__}: {error}")
        for check in self.checks():
            logger.info("check %s: %s (%s)", check.name, check.state, check.reason)

    def _load_database(self) -> None:
        self._slot.load()
