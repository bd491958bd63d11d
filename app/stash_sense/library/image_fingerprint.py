"""An image's fingerprint: who was recognised in it, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stash_sense.recognition.recogniser import IdentifiedFace


@dataclass(frozen=True)
class RelativeBox:
    """A place in an image: left, top, width and height as parts of the image's, 0 to 1."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class SeenPerformer:
    """A performer in an image, by the face that is most theirs.

    Attributes:
        performer_id: the id on the stash-box, the UUID without the box's domain: `stashdb_id` of the answers.
            Fingerprints that users already have hold that, and what compares fingerprints, old ones with
            new ones, compares these ids.
        confidence: 0 to 1.
        distance: the fused cosine distance, 0 to 2.
    """

    performer_id: str
    confidence: float
    distance: float
    box: RelativeBox


@dataclass(frozen=True)
class ImageFingerprint:
    """What an analysis found. Without performers: analysed, and nobody recognised.

    Attributes:
        image_id: Stash's.
        gallery_id: a gallery of Stash's that the image belongs to.
        faces_detected: recognised or not.
        db_version: version of the recognition database that answered.
    """

    image_id: str
    gallery_id: str | None
    faces_detected: int
    db_version: str | None
    performers: tuple[SeenPerformer, ...]


def seen_performers(faces: Iterable[IdentifiedFace], width: int, height: int) -> tuple[SeenPerformer, ...]:
    """Each face's best match; of several faces of one performer the nearest.

    Args:
        faces: their boxes in pixels of the analysed image.
        width, height: of that image, in pixels.
    """
    best: dict[str, SeenPerformer] = {}
    for face in faces:
        if not face.matches:
            continue
        match = face.matches[0]
        seen = SeenPerformer(
            match.performer.stashdb_id,
            match.confidence,
            match.candidate.distance,
            _relative(face.face.box, width, height),
        )
        known = best.get(seen.performer_id)
        if known is None or seen.distance < known.distance:
            best[seen.performer_id] = seen
    return tuple(best.values())


def _relative(box: tuple[float, float, float, float], width: int, height: int) -> RelativeBox:
    # The detector may reach beyond the picture.
    left, right = (min(max(x / width, 0.0), 1.0) for x in (box[0], box[2]))
    top, bottom = (min(max(y / height, 0.0), 1.0) for y in (box[1], box[3]))
    return RelativeBox(left, top, right - left, bottom - top)
