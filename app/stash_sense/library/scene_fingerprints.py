"""The scenes' fingerprints in the database, by Stash's scene id. For ``Library.reading`` and ``writing``."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from stash_sense.library.scene_fingerprint import FingerprintPerformer, SceneFingerprint
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
