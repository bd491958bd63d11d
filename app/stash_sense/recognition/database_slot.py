"""The database that answers, and its exchange for a newer one while requests go on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stash_sense.database.files import active_directory
from stash_sense.database.load import DatabaseError, FaceDatabase, load_database

logger = logging.getLogger(__name__)

# A stored vector must find itself; float32 rounding stays far below this.
_SELF_DISTANCE = 1e-3


@dataclass(frozen=True)
class SlotState:
    """What the slot holds, replaced as a whole so that a reader never sees half of a change.

    Attributes:
        database: the one that answers, if any.
        status: "starting" before the first load has ended; "failed" when nothing answers; "refused" when a
            newer one was refused and the old one goes on answering.
        reason: one line for people.
    """

    database: FaceDatabase | None
    status: Literal["starting", "ok", "failed", "refused"]
    reason: str


class DatabaseSlot:
    """Holds the database that answers. ``load`` blocks and may be called again at any time."""

    def __init__(self, data_dir: Path, prepare: Callable[[FaceDatabase], None] = lambda _: None) -> None:
        """``prepare`` is called with each database that is about to answer, and must not raise."""
        self._data_dir = data_dir
        self._prepare = prepare
        self._state = SlotState(None, "starting", "the database is being loaded")
        self._loading = threading.Lock()

    @property
    def state(self) -> SlotState:
        return self._state

    def load(self) -> SlotState:
        """Load what ``data_dir`` holds now beside the running database, validate it, and swap or refuse.

        Requests in flight finish on the database that they started with: they hold a reference to it.
        """
        with self._loading:
            running = self._state.database
            try:
                database = load_database(active_directory(self._data_dir))
                _prove(database)
                self._prepare(database)
            except DatabaseError as error:
                return self._refuse(running, str(error))
            except (OSError, ValueError, MemoryError) as error:
                return self._refuse(running, f"{self._data_dir}: {type(error).__name__}: {error}")
            except (
                Exception
            ) as error:  # whatever it is, /ready must say so instead of "being loaded" for ever
                logger.exception("the database cannot be loaded")
                return self._refuse(running, f"{self._data_dir}: {type(error).__name__}: {error}")
            for warning in database.warnings:
                logger.warning("database %s: %s", database.manifest.version, warning)
            # Without a remainder of the refused state: the reason speaks of what answers now.
            text = f"version {database.manifest.version} from {database.directory}"
            logger.info("database loaded: %s", text)
            self._state = SlotState(database, "ok", "; ".join((text, *database.warnings)))
            return self._state

    def _refuse(self, running: FaceDatabase | None, reason: str) -> SlotState:
        logger.error("database refused: %s", reason)
        if running is None:
            self._state = SlotState(None, "failed", reason)
        else:
            kept = f"version {running.manifest.version} goes on answering; the new one was refused: {reason}"
            self._state = SlotState(running, "refused", kept)
        return self._state


def _prove(database: FaceDatabase) -> None:
    """Ask each index for one of its own vectors; it must come back first."""
    for name, index in (("FaceNet", database.facenet), ("ArcFace", database.arcface)):
        entry = index.first_id
        ids, distances = index.search(index.vector(entry)[None], 1)
        if float(distances[0, 0]) > _SELF_DISTANCE:
            raise ValueError(
                f"the {name} index does not find its own entry {entry} "
                f"(nearest is {int(ids[0, 0])} at {float(distances[0, 0]):.4f}); build the database again"
            )
