"""The library for the rest of the sidecar: open when it can be, and never in the way when it cannot."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import anyio
import anyio.to_thread
from sqlalchemy import Connection

from stash_sense.library import image_fingerprints, scene_fingerprints
from stash_sense.library.database_url import parse_url
from stash_sense.library.errors import StoreError
from stash_sense.library.image_fingerprint import ImageFingerprint
from stash_sense.library.owners import new_owner
from stash_sense.library.postgres import PostgresBackend
from stash_sense.library.scene_fingerprint import SceneFingerprint
from stash_sense.library.sqlite import CONNECTIONS
from stash_sense.library.store import Store, open_file, open_store

logger = logging.getLogger(__name__)

FILE_NAME: Final = "stash_sense.db"
_PRESENCE_SECONDS: Final = 15.0

Result = TypeVar("Result")


class Library:
    """Opens the database in the background, and again later when it could not. Blocks no event loop."""

    def __init__(
        self, data_dir: Path, database_url: str | None = None, *, retry_seconds: float = 30.0
    ) -> None:
        """Nothing is opened yet.

        Args:
            data_dir: where the SQLite file is, or will be.
            database_url: of the PostgreSQL database to be used in its place.
            retry_seconds: for so long a failure to open is taken to last.
        """
        self.owner = new_owner()
        self._path = data_dir / FILE_NAME
        self._url = None if database_url is None else parse_url(database_url)
        self._retry_seconds = retry_seconds
        self._workers = anyio.CapacityLimiter(CONNECTIONS)
        self._opening = threading.Lock()
        self._store: Store | None = None
        self._failure: tuple[float, str] | None = None
        self._told: str | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin opening; returns at once. To be called on the running event loop."""
        loop = asyncio.get_running_loop()
        self._tasks.append(loop.create_task(asyncio.to_thread(self._try_to_open)))
        if self._url is not None:
            self._tasks.append(loop.create_task(self._stay_present()))

    async def stop(self) -> None:
        """Close the database; what was answered as saved is in the file."""
        for task in self._tasks[1:]:
            task.cancel()
        # Opening cannot be interrupted half-way.
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._store is not None:
            await asyncio.to_thread(self._store.close)

    async def reading(self, fn: Callable[[Connection], Result]) -> Result:
        """What ``fn`` finds in one state of the database; it runs in a worker thread. Raises StoreError."""
        return await anyio.to_thread.run_sync(self._read, fn, limiter=self._workers)

    async def writing(self, fn: Callable[[Connection], Result]) -> Result:
        """What ``fn`` gives; its changes are on the disk as a whole when this returns, else not at all.

        It runs in a worker thread; a caller that is cancelled meanwhile leaves it to end. Raises StoreError.
        """
        return await anyio.to_thread.run_sync(self._write, fn, limiter=self._workers)

    async def save_image(self, fingerprint: ImageFingerprint) -> str | None:
        """Store an image's fingerprint; gives the reason, one line, when it could not be. Never raises."""
        return await self._save(
            f"image {fingerprint.image_id}",
            lambda connection: image_fingerprints.save(connection, fingerprint),
        )

    async def save_scene(self, fingerprint: SceneFingerprint) -> str | None:
        """Store a scene's fingerprint; gives the reason, one line, when it could not be. Never raises."""
        return await self._save(
            f"scene {fingerprint.scene_id}",
            lambda connection: scene_fingerprints.save(connection, fingerprint),
        )

    async def _save(self, what: str, fn: Callable[[Connection], None]) -> str | None:
        try:
            await self.writing(fn)
        except StoreError as error:
            self._tell(str(error))
            return str(error)
        except Exception as error:  # whatever it is, the people in the picture have been named
            logger.exception("the fingerprint of %s is not saved", what)
            return f"{type(error).__name__}: {error}"
        self._told = None
        return None

    async def _stay_present(self) -> None:
        """Let those who share the database see that this sidecar is alive, also after it was away."""
        while True:
            await asyncio.sleep(_PRESENCE_SECONDS)
            with contextlib.suppress(StoreError):
                await anyio.to_thread.run_sync(lambda: self._opened().announce(), limiter=self._workers)

    def _read(self, fn: Callable[[Connection], Result]) -> Result:
        with self._opened().reading() as connection:
            return fn(connection)

    def _write(self, fn: Callable[[Connection], Result]) -> Result:
        with self._opened().writing() as connection:
            return fn(connection)

    def _try_to_open(self) -> None:
        try:
            self._opened()
        except StoreError as error:
            self._tell(str(error))
        except Exception:  # the next save tries again, and its answer says so
            logger.exception("the library is not open")

    def _opened(self) -> Store:
        with self._opening:
            if self._store is None:
                if self._failure is not None and time.monotonic() < self._failure[0] + self._retry_seconds:
                    raise StoreError(self._failure[1])
                try:
                    self._store = self._open()
                except StoreError as error:
                    self._failure = (time.monotonic(), str(error))
                    raise
            return self._store

    def _open(self) -> Store:
        if self._url is None:
            return open_file(self._path, self.owner)
        earlier = partial(open_file, self._path) if self._path.is_file() else None
        return open_store(PostgresBackend(self._url, earlier), self.owner)

    def _tell(self, reason: str) -> None:
        """Log a reason once, not with every picture."""
        if reason != self._told:
            self._told = reason
            logger.error("nothing is remembered, identification goes on: %s", reason)
