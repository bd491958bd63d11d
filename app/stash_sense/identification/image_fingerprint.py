"""What is remembered of an image of Stash's."""

from __future__ import annotations

from stash_sense.library.image_fingerprint import ImageFingerprint, seen_performers
from stash_sense.service import Identification
from stash_sense.stash.objects.images import StashImage


def image_fingerprint(
    image: StashImage, found: Identification, gallery_id: str | None = None
) -> ImageFingerprint:
    """Who was recognised in it, and where.

    Args:
        gallery_id: the gallery that was asked about; by default, the image's first.
    """
    if gallery_id is None and image.galleries:
        gallery_id = image.galleries[0].id
    return ImageFingerprint(
        image_id=image.id,
        gallery_id=gallery_id,
        faces_detected=len(found.faces),
        db_version=found.db_version,
        performers=seen_performers(found.faces, found.width, found.height),
    )
