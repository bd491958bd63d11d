"""The scenes' fingerprints in the database, by Stash's scene id. For ``Library.reading`` and ``writing``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from stash_sense.library.scene_fingerprint import (
    FingerprintPerformer,
    FingerprintStatus,
    SceneFingerprint,
)
from stash_sense.library.schema import scene_fingerprint_faces as faces
from stash_sense.library.schema import scene_fingerprints as fingerprints
from stash_sense.library.upsert import upsert


def save(connection: Connection, fingerprint: SceneFingerprint) -> None:
    """Store it in place of the scene's earlier one, whose id and time of making stay."""
    upsert(
        connection,
        fingerprints,
        ("stash_scene_id",),
        {
            "stash_scene_id": fingerprint.scene_id,
            "total_faces": fingerprint.total_faces,
            "frames_analyzed": fingerprint.frames_analyzed,
            "fingerprint_status": fingerprint.status,
            "db_version": fingerprint.db_version,
        },
    )
    number = connection.scalar(
        select(fingerprints.c.id).where(fingerprints.c.stash_scene_id == fingerprint.scene_id)
    )
    connection.execute(delete(faces).where(faces.c.fingerprint_id == number))
    rows = [
        {
            "fingerprint_id": number,
            "performer_id": performer.performer_id,
            "face_count": performer.face_count,
            "avg_confidence": performer.avg_confidence,
            "proportion": performer.proportion,
        }
        for performer in fingerprint.performers
    ]
    if rows:
        connection.execute(insert(faces), rows)


def find(connection: Connection, scene_id: str) -> SceneFingerprint | None:
    """The scene's fingerprint, whatever its status; None when there is none."""
    row = connection.execute(
        select(fingerprints).where(fingerprints.c.stash_scene_id == scene_id)
    ).one_or_none()
    if row is None:
        return None
    found = connection.execute(
        select(faces).where(faces.c.fingerprint_id == row.id).order_by(faces.c.id)
    ).all()
    return SceneFingerprint(
        scene_id=scene_id,
        total_faces=row.total_faces,
        frames_analyzed=row.frames_analyzed,
        db_version=row.db_version,
        performers=tuple(
            FingerprintPerformer(face.performer_id, face.face_count, face.avg_confidence, face.proportion)
            for face in found
        ),
        status=row.fingerprint_status,
    )


def mark_error(connection: Connection, scene_id: str, db_version: str | None) -> None:
    """The scene could not be analysed with this database; what an earlier analysis found is kept."""
    upsert(
        connection,
        fingerprints,
        ("stash_scene_id",),
        {"stash_scene_id": scene_id, "fingerprint_status": "error", "db_version": db_version},
    )


def mark_pending(connection: Connection, scene_ids: Sequence[str] | None = None) -> int:
    """Let these scenes' fingerprints, or all, be made anew; gives how many there are."""
    change = update(fingerprints).values(fingerprint_status="pending")
    if scene_ids is None:
        return connection.execute(change).rowcount
    return sum(
        connection.execute(change.where(fingerprints.c.stash_scene_id == scene_id)).rowcount
        for scene_id in dict.fromkeys(scene_ids)
    )


@dataclass(frozen=True)
class State:
    """How the last analysis of a scene ended, and with which recognition database."""

    status: FingerprintStatus
    db_version: str | None


def states(connection: Connection) -> dict[str, State]:
    """Of every scene that has a fingerprint, by Stash's id."""
    rows = connection.execute(
        select(fingerprints.c.stash_scene_id, fingerprints.c.fingerprint_status, fingerprints.c.db_version)
    )
    # Earlier sidecars' tables let the status be empty, and hold the id as a number.
    return {
        str(row.stash_scene_id): State(row.fingerprint_status or "pending", row.db_version) for row in rows
    }


@dataclass(frozen=True)
class Counts:
    """How many fingerprints there are.

    Attributes:
        current: complete, and made with the recognition database that is loaded now.
        outdated: complete, and made with another one.
    """

    total: int
    complete: int
    pending: int
    error: int
    current: int
    outdated: int


def counts(connection: Connection, db_version: str | None) -> Counts:
    """The numbers as of now; with no database loaded none is current, and none outdated."""
    columns = (fingerprints.c.fingerprint_status, fingerprints.c.db_version)
    by_status = Counter[str]()
    current = 0
    for status, version, number in connection.execute(select(*columns, func.count()).group_by(*columns)):
        by_status[status or "pending"] += number
        if status == "complete" and version is not None and version == db_version:
            current = number
    return Counts(
        total=by_status.total(),
        complete=by_status["complete"],
        pending=by_status["pending"],
        error=by_status["error"],
        current=current,
        outdated=by_status["complete"] - current if db_version is not None else 0,
    )
