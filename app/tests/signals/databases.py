"""A database of the test photos' people, who have bodies too."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

# Name of a person to rows of shoulder/hip ratio and confidence.
Proportions = Mapping[str, Sequence[tuple[float | None, float | None]]]


def with_proportions(database: Path, target: Path, proportions: Proportions) -> Path:
    """A copy of a database that knows these proportions of its people."""
    shutil.copytree(database, target, ignore=shutil.ignore_patterns(".*", "stash_sense.db*"))
    path = target / "performers.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        for name, rows in proportions.items():
            [(number,)] = connection.execute("SELECT id FROM performers WHERE canonical_name = ?", (name,))
            connection.executemany(
                "INSERT INTO body_proportions VALUES (?, ?, 1.2, 1.0, ?)", [(number, *row) for row in rows]
            )
    seal(target, "performers.db")
    return target


def seal(database: Path, file: str) -> None:
    """Let the manifest vouch for a file as it is now."""
    manifest = json.loads((database / "manifest.json").read_text("utf-8"))
    manifest["checksums"][file] = "sha256:" + hashlib.sha256((database / file).read_bytes()).hexdigest()
    (database / "manifest.json").write_text(json.dumps(manifest), "utf-8")
