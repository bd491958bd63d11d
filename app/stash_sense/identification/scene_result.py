"""What was found in a scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stash_sense.library.scene_fingerprint import FingerprintPerformer, SceneFingerprint
from stash_sense.recognition.recogniser import PerformerMatch

# The part of its frames that has to have been seen of a film that was not looked at to its end.
_ENOUGH: Final = 0.5


@dataclass(frozen=True)
class IdentifiedPerson:
    """A person of the scene.

    Attributes:
        frame_count: distinct frames with a face of theirs.
        face_count: faces that are taken for theirs.
        mean_confidence: of the best match, over its faces; None for somebody unknown.
        matches: best first; none for somebody unknown.
        counted_elsewhere: whether these faces are other persons' too.
    """

    frame_count: int
    face_count: int
    mean_confidence: float | None
    matches: tuple[PerformerMatch, ...]
    counted_elsewhere: bool = False


@dataclass(frozen=True)
class SceneTiming:
    """Milliseconds. Decoding runs beside the rest, so the parts add up to more than the total.

    Attributes:
        extraction_ms: opening the film, seeking, decoding.
        face_loop_ms: everything done face by face: cutting out, embedding, searching.
        recognition_ms: searching the database.
        matching_ms: from faces to persons.
    """

    total_ms: float
    extraction_ms: float
    detection_ms: float
    embedding_ms: float
    recognition_ms: float
    matching_ms: float
    face_loop_ms: float


@dataclass(frozen=True)
class SceneIdentification:
    """The answer about one scene.

    Attributes:
        frames_analyzed: the cover counts as one.
        film_frames: those without the cover.
        unfinished: whether a part of the film was not even tried.
        faces_after_filter: those large enough.
        persons: the known first, then by frames.
        errors: what could not be looked at and why; few lines.
        db_version: of the database that answered.
    """

    scene_id: str
    frames_requested: int
    frames_analyzed: int
    film_frames: int
    unfinished: bool
    faces_detected: int
    faces_after_filter: int
    persons: tuple[IdentifiedPerson, ...]
    errors: tuple[str, ...]
    timing: SceneTiming
    db_version: str

    @property
    def fingerprint(self) -> SceneFingerprint | None:
        """What is to be remembered of it; None when too little of the film was seen for that.

        The cover alone is too little: it may show anybody, and is there when the film is not.
        """
        wanted = _ENOUGH * self.frames_requested if self.unfinished else 1
        if self.film_frames < wanted:
            return None
        known = [person for person in self.persons if person.matches and not person.counted_elsewhere]
        recognised = sum(person.face_count for person in known)
        performers: dict[str, FingerprintPerformer] = {}
        for person in known:
            performer_id = person.matches[0].performer.stashdb_id
            # Two stash-boxes might use one id; a fingerprint has each once.
            before = performers.get(performer_id)
            faces = person.face_count + (before.face_count if before is not None else 0)
            confidence = before.avg_confidence if before is not None else person.mean_confidence
            performers[performer_id] = FingerprintPerformer(
                performer_id, faces, confidence, faces / recognised
            )
        return SceneFingerprint(
            scene_id=self.scene_id,
            total_faces=self.faces_after_filter,
            frames_analyzed=self.frames_analyzed,
            db_version=self.db_version,
            performers=tuple(performers.values()),
            status="complete",
        )
