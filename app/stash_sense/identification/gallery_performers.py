"""From the faces of a gallery's images to its performers. Pure functions; the numbers are the contract's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from stash_sense.database.records import Performer
from stash_sense.recognition.recogniser import IdentifiedFace, PerformerMatch

_FEWEST_IMAGES: Final = 2
# Seen once only, they have to be this near.
_ONCE_BELOW: Final = 0.4


@dataclass(frozen=True)
class GalleryPerformer:
    """A performer in a gallery; distances are fused cosine distances of their nearest face in each image.

    Attributes:
        image_ids: Stash's, in the gallery's order.
    """

    performer: Performer
    best_distance: float
    avg_distance: float
    image_ids: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """``1 - best_distance``, limited to 0 to 1."""
        return min(1.0, max(0.0, 1.0 - self.best_distance))


def nearest_matches(faces: Sequence[IdentifiedFace]) -> dict[str, PerformerMatch]:
    """The best match of each face; by universal id, for several faces of one performer the nearest."""
    best: dict[str, PerformerMatch] = {}
    for face in faces:
        if not face.matches:
            continue
        match = face.matches[0]
        known = best.get(match.performer.universal_id)
        if known is None or match.candidate.distance < known.candidate.distance:
            best[match.performer.universal_id] = match
    return best


def gallery_performers(images: Mapping[str, Mapping[str, PerformerMatch]]) -> list[GalleryPerformer]:
    """Performers seen in two images, or once and near; those of most images first, then the nearest.

    Args:
        images: by Stash's id, in the gallery's order: `nearest_matches` of each.
    """
    seen: dict[str, list[tuple[str, PerformerMatch]]] = {}
    for image_id, matches in images.items():
        for universal_id, match in matches.items():
            seen.setdefault(universal_id, []).append((image_id, match))
    found = [_performer(pairs) for pairs in seen.values()]
    kept = [p for p in found if len(p.image_ids) >= _FEWEST_IMAGES or p.best_distance < _ONCE_BELOW]
    return sorted(kept, key=lambda p: (-len(p.image_ids), p.best_distance, p.performer.universal_id))


def _performer(pairs: Sequence[tuple[str, PerformerMatch]]) -> GalleryPerformer:
    distances = [match.candidate.distance for _, match in pairs]
    return GalleryPerformer(
        performer=pairs[0][1].performer,
        best_distance=min(distances),
        avg_distance=sum(distances) / len(distances),
        image_ids=tuple(image_id for image_id, _ in pairs),
    )
