"""The images' fingerprints in the database, by Stash's image id. For ``Library.reading`` and ``writing``."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from stash_sense.library.image_fingerprint import ImageFingerprint, RelativeBox, SeenPerformer
from stash_sense.library.schema import image_fingerprint_faces as faces
from stash_sense.library.schema import image_fingerprints as fingerprints
from stash_sense.library.upsert import upsert


def save(connection: Connection, fingerprint: ImageFingerprint) -> None:
    """Store it in place of the image's earlier one, whose id and time of making stay."""
    upsert(
        connection,
        fingerprints,
        ("stash_image_id",),
        {
            "stash_image_id": fingerprint.image_id,
            "gallery_id": fingerprint.gallery_id,
            "faces_detected": fingerprint.faces_detected,
            "db_version": fingerprint.db_version,
        },
    )
    connection.execute(delete(faces).where(faces.c.stash_image_id == fingerprint.image_id))
    rows = [_face_row(fingerprint.image_id, seen) for seen in fingerprint.performers]
    if rows:
        connection.execute(insert(faces), rows)


def find(connection: Connection, image_id: str) -> ImageFingerprint | None:
    """The image's fingerprint; None when the image has not been analysed."""
    row = connection.execute(
        select(fingerprints).where(fingerprints.c.stash_image_id == image_id)
    ).one_or_none()
    if row is None:
        return None
    found = connection.execute(
        select(faces).where(faces.c.stash_image_id == image_id).order_by(faces.c.id)
    ).all()
    seen = (
        SeenPerformer(
            face.performer_id,
            face.confidence,
            face.distance,
            RelativeBox(face.bbox_x, face.bbox_y, face.bbox_w, face.bbox_h),
        )
        for face in found
    )
    return ImageFingerprint(image_id, row.gallery_id, row.faces_detected, row.db_version, tuple(seen))


def _face_row(image_id: str, seen: SeenPerformer) -> dict[str, str | float]:
    return {
        "stash_image_id": image_id,
        "performer_id": seen.performer_id,
        "confidence": seen.confidence,
        "distance": seen.distance,
        "bbox_x": seen.box.x,
        "bbox_y": seen.box.y,
        "bbox_w": seen.box.width,
        "bbox_h": seen.box.height,
    }
