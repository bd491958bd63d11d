"""What an unfinished build already knows: one record for each photo, safe against a kill at any moment."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from stash_sense.database.builder.people import BuildError


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of a photo.

    Attributes:
        content: sha256 of the file, hex; empty when it could not be read.
        refusal: why it gave no face; None when it gave one.
        score: the detector's, 0 to 1.
        vectors: float32 (2, 512), FaceNet's and ArcFace's; None with a refusal.
    """

    content: str
    refusal: str | None = None
    score: float = 0.0
    vectors: NDArray[np.float32] | None = None


class WorkFile:
    """A SQLite file that one build at a time holds.

    Photos are known by a hash of path, size, time of change and ``conditions``, so that a changed photo or
    other models are looked at anew, and so that the file names nobody's folders.
    """

    def __init__(self, path: Path, conditions: str) -> None:
        """Open or make the file.

        Raises:
            BuildError: another build holds it, or it is damaged.
        """
        self._conditions = conditions
        # Each record is its own transaction, and none waits for a lock.
        self._connection = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS outcomes (photo TEXT PRIMARY KEY,"
                " content TEXT NOT NULL, refusal TEXT, score REAL, vectors BLOB) WITHOUT ROWID"
            )
        except sqlite3.OperationalError as error:
            self._connection.close()
            raise BuildError(
                f"{path.parent.parent} is in use by another build ({error}); wait for it"
            ) from error
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise BuildError(f"{path} is damaged ({error}); remove {path.parent} and start again") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def recall(self, photo: Path) -> Outcome | None:
        """What an earlier run found out about the file as it is now; ``OSError`` when there is no file."""
        row = self._connection.execute(
            "SELECT content, refusal, score, vectors FROM outcomes WHERE photo = ?", (self._key(photo),)
        ).fetchone()
        if row is None:
            return None
        content, refusal, score, blob = row
        vectors = None if blob is None else np.frombuffer(blob, np.float32).reshape(2, -1)
        return Outcome(content, refusal, score, vectors)

    def remember(self, photo: Path, outcome: Outcome) -> None:
        blob = None if outcome.vectors is None else outcome.vectors.tobytes()
        self._connection.execute(
            "INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?, ?)",
            (self._key(photo), outcome.content, outcome.refusal, outcome.score, blob),
        )

    def _key(self, photo: Path) -> str:
        state = photo.stat()
        parts = (self._conditions, str(photo.resolve()), str(state.st_size), str(state.st_mtime_ns))
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
