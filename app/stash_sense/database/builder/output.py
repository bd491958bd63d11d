"""Writing the six files, in exactly the format that users have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import voyager

from stash_sense.checksums import sha256_of
from stash_sense.database import files
from stash_sense.database.builder.collect import TakenFace
from stash_sense.database.builder.people import Person
from stash_sense.database.builder.performers_table import write_performers_db

BUILDER: Final[str] = "stash-sense build-database"
_BATCH: Final[int] = 4096


def write_files(
    directory: Path, faces: Sequence[TakenFace], model_hashes: Mapping[str, str], now: datetime
) -> None:
    """Write a database of ``faces`` into an existing folder, the manifest last.

    Args:
        faces: at least one; an entry's id is its position here.
        model_hashes: model name -> sha256 of the models that made the vectors.
        now: the time that version and ``created_at`` speak of, with its zone.
    """
    people = {face.person.universal_id: face.person for face in faces}
    counts = Counter(face.person.universal_id for face in faces)
    for row, file in enumerate((files.FACENET_INDEX, files.ARCFACE_INDEX)):
        _write_index(directory / file, faces, row)
    _write_json(directory / files.FACES, [face.person.universal_id for face in faces])
    _write_json(directory / files.PERFORMERS, {key: _record(people[key], counts[key]) for key in people})
    write_performers_db(directory / files.PERFORMERS_DB, faces)
    _write_json(directory / files.MANIFEST, _manifest(directory, faces, model_hashes, now), indent=2)


def _write_index(path: Path, faces: Sequence[TakenFace], row: int) -> None:
    index = voyager.Index(voyager.Space.Cosine, files.EMBEDDING_DIMENSIONS, max_elements=len(faces))
    for start in range(0, len(faces), _BATCH):
        batch = faces[start : start + _BATCH]
        vectors = np.stack([face.vectors[row] for face in batch])
        # One thread: the same photos then give the same bytes.
        index.add_items(vectors, list(range(start, start + len(batch))), num_threads=1)
    index.save(str(path))


def _record(person: Person, face_count: int) -> dict[str, str | int | None]:
    return {
        "name": person.name,
        "country": person.country,
        "image_url": person.image_url,
        "face_count": face_count,
    }


def _manifest(
    directory: Path, faces: Sequence[TakenFace], model_hashes: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    utc = now.astimezone(UTC)
    people = {face.person.universal_id: face.person for face in faces}
    return {
        "version": utc.strftime("%Y.%m.%d"),
        "created_at": utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "performer_count": len(people),
        "face_count": len(faces),
        "sources": sorted({person.endpoint.value for person in people.values()}),
        "builder": BUILDER,
        "models": {name: {"sha256": digest} for name, digest in sorted(model_hashes.items())},
        "facenet_dim": files.EMBEDDING_DIMENSIONS,
        "arcface_dim": files.EMBEDDING_DIMENSIONS,
        "detector": "buffalo_sc",
        "checksums": {
            file: f"sha256:{sha256_of(directory / file)}" for file in files.REQUIRED if file != files.MANIFEST
        },
    }


def _write_json(path: Path, value: object, indent: int | None = None) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")
