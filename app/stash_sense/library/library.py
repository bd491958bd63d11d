"""The library for the rest of the sidecar: open when it can be, and never in the way when it cannot."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from pathlib import Path
from typing import Final

import anyio
import anyio.to_thread

from stash_sense.library.errors import StoreError
from stash_sense.library.image_fingerprint import ImageFingerprint
from stash_sense.library.image_fingerprints import ImageFingerprints
from stash_sense.library.sqlite import CONNECTIONS
from stash_sense.library.store import Store, open_store

logger = logging.getLogger(__name__)

FILE_NAME: Final = "stash_sense.db"


class Library:
    """Opens the database in the background, and again later when it could not. Blocks no event loop."""

    def __init__(self, data_dir: Path, *, retry_seconds: float = 30.0) -> None:
        """``retry_seconds``: for so long a failure to open is taken to last."""
        self._path = data_dir / FILE_NAME
        self._retry_seconds = retry_seconds
        self._workers = anyio.CapacityLimiter(CONNECTIONS)
        self._opening = threading.Lock()
        self._store: Store | None = None
        self._failure: tuple[float, str] | None = None
        self._told: str | None = None
        self._start: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin opening; returns at once. To be called on the running event loop."""
        self._start = asyncio.get_running_loop().create_task(asyncio.to_thread(self._try_to_open))

    async def stop(self) -> None:
        """Close the database; what was answered as saved is in the file."""
        if self._start is not None:
            await asyncio.wait([self._start])
        if self._store is not None:
            await asyncio.to_thread(self._store.close)

    async def save_image(self, fingerprint: ImageFingerprint) -> str | None:
        """Store an image's fingerprint; gives the reason, one line, when it could not be. Never raises."""
        return await anyio.to_thread.run_sync(self._save_image, fingerprint, limiter=self._workers)

    def _save_image(self, fingerprint: ImageFingerprint) -> str | None:
        try:
            ImageFingerprints(self._opened()).save(fingerprint)
        except StoreError as error:
            self._tell(str(error))
            return str(error)
        except Exception as error:  # whatever it is, the people in the picture have been named
            logger.exception("the fingerprint of image %s is not saved", fingerprint.image_id)
            return f"{type(error).__name__}: {error}"
        self._told = None
        return None

    def _try_to_open(self) -> None:
        try:
            self._opened()
        except StoreError as error:
            self._tell(str(error))
        except Exception:  # the next save tries again, and its answer says so
            logger.exception("%s is not open", self._path)

    def _opened(self) -> Store:
        with self._opening:
            if self._store is None:
                if self._failure is not None and time.monotonic() < self._failure[0] + self._retry_seconds:
                    raise StoreError(self._failure[1])
                try:
                    self._store = open_store(self._path)
                except StoreError as error:
                    self._failure = (time.monotonic(), str(error))
                    raise
            return self._store

    def _tell(self, reason: str) -> None:
        """Log a reason once, not with every picture."""
        if reason != self._told:
            self._told = reason
            logger.error("nothing is remembered, identification goes on: %s", reason)
