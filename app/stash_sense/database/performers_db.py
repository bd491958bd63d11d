"""``performers.db``: what the signals read of it, and whether a file has it."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from stash_sense.database.endpoints import Endpoint
from stash_sense.database.findings import DamagedFileError, one_line

TABLES: Final[dict[str, tuple[str, ...]]] = {
    "performers": ("id", "canonical_name", "gender", "country", "image_url", "face_count"),
    "stashbox_ids": ("performer_id", "endpoint", "stashbox_performer_id"),
    "aliases": ("performer_id", "alias", "source_endpoint"),
    "faces": (
        "performer_id",
        "facenet_index",
        "arcface_index",
        "image_url",
        "source_endpoint",
        "quality_score",
    ),
    "body_proportions": (
        "performer_id",
        "shoulder_hip_ratio",
        "leg_torso_ratio",
        "arm_span_height_ratio",
        "confidence",
    ),
    "tattoos": ("performer_id", "location", "description"),
    "tattoo_detections": ("performer_id", "has_tattoos", "detections_json"),
}

# Each performer's most confident row that has a ratio, under each of the performer's stash-box ids.
_SHOULDER_HIP_RATIOS: Final[str] = """
    SELECT endpoint, stashbox_performer_id, shoulder_hip_ratio
    FROM stashbox_ids JOIN (
        SELECT performer_id, shoulder_hip_ratio, ROW_NUMBER() OVER (
            PARTITION BY performer_id ORDER BY confidence DESC, shoulder_hip_ratio
        ) AS place
        FROM body_proportions
        WHERE typeof(shoulder_hip_ratio) IN ('real', 'integer') AND shoulder_hip_ratio > 0
    ) USING (performer_id)
    WHERE place = 1
"""


@contextmanager
def open_read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database that nobody writes: works on read-only file systems, makes no files beside it."""
    # SQLite's own error for a file that cannot be opened does not say why.
    path.open("rb").close()
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        yield connection


def missing_parts(path: Path, *, deep: bool) -> list[str]:
    """Tables, and columns as "table.column", that ``performers.db`` lacks; older databases lack some.

    Args:
        deep: also have SQLite read every page, for a file that no checksum vouches for.

    Raises:
        DamagedFileError: not a SQLite database, a damaged or an empty one.
        OSError: it cannot be opened.
    """
    try:
        with open_read_only(path) as connection:
            if deep:
                verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
                if verdict != "ok":
                    raise DamagedFileError(f"damaged SQLite database: {one_line(verdict)}")
            lacking = [part for table in TABLES for part in _missing(connection, table)]
    except sqlite3.Error as error:
        raise DamagedFileError(f"cannot be read as a SQLite database: {one_line(error)}") from error
    if set(TABLES) <= set(lacking):
        raise DamagedFileError(f"has none of the tables {', '.join(TABLES)}; copy it again")
    return lacking


def _missing(connection: sqlite3.Connection, table: str) -> list[str]:
    present = {row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}
    if not present:
        return [table]
    return [f"{table}.{column}" for column in TABLES[table] if column not in present]


def read_shoulder_hip_ratios(path: Path) -> dict[str, float]:
    """Universal id to the performer's ratio of shoulder width to hip width.

    Ids of stash-boxes that no universal id speaks of are left out.

    Raises:
        sqlite3.Error: the tables are not there, or damaged.
        OSError: it cannot be opened.
    """
    domains = {endpoint.value: endpoint.domain for endpoint in Endpoint}
    with open_read_only(path) as connection:
        return {
            f"{domains[endpoint]}:{identifier}": float(ratio)
            for endpoint, identifier, ratio in connection.execute(_SHOULDER_HIP_RATIOS)
            if endpoint in domains and math.isfinite(ratio)
        }
