"""Writing ``performers.db``."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from stash_sense.database.builder.collect import TakenFace

# Every table and column that the signals read; body and tattoo tables stay empty, for photos of faces do
# not fill them.
_SCHEMA = """
CREATE TABLE performers (
    id INTEGER PRIMARY KEY, canonical_name TEXT NOT NULL, gender TEXT, country TEXT, image_url TEXT,
    face_count INTEGER NOT NULL DEFAULT 0);
CREATE TABLE stashbox_ids (
    performer_id INTEGER NOT NULL REFERENCES performers (id), endpoint TEXT NOT NULL,
    stashbox_performer_id TEXT NOT NULL, PRIMARY KEY (endpoint, stashbox_performer_id));
CREATE TABLE aliases (
    performer_id INTEGER NOT NULL REFERENCES performers (id), alias TEXT NOT NULL, source_endpoint TEXT);
CREATE TABLE faces (
    performer_id INTEGER NOT NULL REFERENCES performers (id), facenet_index INTEGER NOT NULL,
    arcface_index INTEGER NOT NULL, image_url TEXT, source_endpoint TEXT, quality_score REAL);
CREATE TABLE body_proportions (
    performer_id INTEGER NOT NULL REFERENCES performers (id), shoulder_hip_ratio REAL, leg_torso_ratio REAL,
    arm_span_height_ratio REAL, confidence REAL);
CREATE TABLE tattoos (
    performer_id INTEGER NOT NULL REFERENCES performers (id), location TEXT, description TEXT);
CREATE TABLE tattoo_detections (
    performer_id INTEGER NOT NULL REFERENCES performers (id), has_tattoos INTEGER, detections_json TEXT);
CREATE INDEX faces_performer ON faces (performer_id);
"""


def write_performers_db(path: Path, faces: Sequence[TakenFace]) -> None:
    """Make the file anew; an entry's number in both indices is its position in ``faces``."""
    path.unlink(missing_ok=True)
    people = {face.person.universal_id: face.person for face in faces}
    numbers = {universal_id: number for number, universal_id in enumerate(people, 1)}
    counts = Counter(face.person.universal_id for face in faces)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_SCHEMA)
        connection.executemany(
            "INSERT INTO performers VALUES (?, ?, NULL, ?, ?, ?)",
            [(numbers[i], p.name, p.country, p.image_url, counts[i]) for i, p in people.items()],
        )
        connection.executemany(
            "INSERT INTO stashbox_ids VALUES (?, ?, ?)",
            [(numbers[i], p.endpoint.value, p.stashbox_id) for i, p in people.items()],
        )
        # A photo's path is nobody else's business: image_url stays empty.
        connection.executemany(
            "INSERT INTO faces VALUES (?, ?, ?, NULL, ?, ?)",
            [
                (numbers[f.person.universal_id], position, position, f.person.endpoint.value, f.score)
                for position, f in enumerate(faces)
            ],
        )
