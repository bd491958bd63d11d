"""A database release like the distributed ones, written by Voyager, SQLite and json themselves."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import voyager
from numpy.typing import NDArray

INDICES = ("face_facenet.voy", "face_arcface.voy")
SIX_FILES = {*INDICES, "faces.json", "performers.json", "performers.db", "manifest.json"}

_TABLES = {
    "performers": "id, canonical_name, gender, country, image_url, face_count",
    "stashbox_ids": "performer_id, endpoint, stashbox_performer_id",
    "aliases": "performer_id, alias, source_endpoint",
    "faces": "performer_id, facenet_index, arcface_index, image_url, source_endpoint, quality_score",
    "body_proportions": (
        "performer_id, shoulder_hip_ratio, leg_torso_ratio, arm_span_height_ratio, confidence"
    ),
    "tattoos": "performer_id, location, description",
    "tattoo_detections": "performer_id, has_tattoos, detections_json",
}


def universal_id(number: int) -> str:
    return f"stashdb.org:00000000-0000-4000-8000-{number:012d}"


def random_vectors(count: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal((count, 512)).astype(np.float32)


def write_index(
    path: Path,
    vectors: NDArray[np.float32],
    ids: list[int] | None = None,
    space: voyager.Space = voyager.Space.Cosine,
    storage: voyager.StorageDataType = voyager.StorageDataType.Float32,
) -> None:
    index = voyager.Index(space, vectors.shape[1], storage_data_type=storage)
    # Without ids, Voyager's threads number the vectors in the order in which they come by.
    index.add_items(vectors, ids or list(range(len(vectors))))
    index.save(str(path))


@dataclass
class Release:
    """Three people with two faces each, and a gap; tests change it and seal it again."""

    directory: Path
    manifest: dict[str, Any] = field(default_factory=dict)

    def write(self) -> None:
        people = [universal_id(n) for n in range(3)]
        self.write_json(
            "performers.json",
            {
                person: {
                    "name": f"Person {n}",
                    "country": None,
                    "image_url": f"https://x/{n}",
                    "face_count": 2,
                }
                for n, person in enumerate(people)
            },
        )
        self.write_json(
            "faces.json", [people[0], people[0], people[1], None, people[1], people[2], people[2]]
        )
        for seed, file in enumerate(INDICES):
            write_index(self.directory / file, random_vectors(6, seed), [0, 1, 2, 4, 5, 6])
        self.write_tables(_TABLES)
        self.manifest = {
            "version": "2026.02.12",
            "created_at": "2026-02-12T08:00:00",
            "performer_count": 3,
            "face_count": 6,
            "sources": ["stashdb"],
            "facenet_dim": 512,
            "arcface_dim": 512,
            "detector": "buffalo_sc",
        }
        self.seal()

    def write_json(self, file: str, value: object) -> None:
        (self.directory / file).write_text(json.dumps(value))

    def read_json(self, file: str) -> Any:
        return json.loads((self.directory / file).read_text())

    def write_tables(self, tables: dict[str, str]) -> None:
        path = self.directory / "performers.db"
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as connection, connection:
            for table, columns in tables.items():
                connection.execute(f"CREATE TABLE {table} ({columns})")

    def write_tables_without(self, *left_out: str) -> None:
        self.write_tables({table: columns for table, columns in _TABLES.items() if table not in left_out})

    def seal(self, *, prefix: str = "sha256:") -> None:
        """Write the manifest with the files' checksums as they are now."""
        self.manifest["checksums"] = {
            path.name: prefix + hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.directory.iterdir())
            if path.name != "manifest.json"
        }
        self.write_json("manifest.json", self.manifest)

    def truncate(self, file: str, keep: float = 0.5) -> None:
        path = self.directory / file
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * keep)])
