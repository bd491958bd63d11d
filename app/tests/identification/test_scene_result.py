from __future__ import annotations

from dataclasses import replace

from stash_sense.database.records import Performer
from stash_sense.identification.scene_result import IdentifiedPerson, SceneIdentification, SceneTiming
from stash_sense.library.scene_fingerprint import FingerprintPerformer, SceneFingerprint
from stash_sense.recognition.fusion import Candidate
from stash_sense.recognition.recogniser import PerformerMatch

NO_TIME = SceneTiming(0, 0, 0, 0, 0, 0, 0)


def person(faces: int, universal_id: str | None, confidence: float | None = None) -> IdentifiedPerson:
    if universal_id is None:
        return IdentifiedPerson(faces, faces, None, ())
    performer = Performer(universal_id, "somebody", None, None, 1)
    match = PerformerMatch(performer, Candidate(universal_id, 0.3, 0.3, 0.3))
    return IdentifiedPerson(faces, faces, confidence, (match,))


def found(*persons: IdentifiedPerson, frames: int = 10, unfinished: bool = False) -> SceneIdentification:
    """The cover was there as well."""
    return SceneIdentification(
        scene_id="7",
        frames_requested=60,
        frames_analyzed=frames + 1,
        film_frames=frames,
        unfinished=unfinished,
        faces_detected=20,
        faces_after_filter=15,
        persons=persons,
        errors=(),
        timing=NO_TIME,
        db_version="2026.02.12",
    )


def fingerprint(*persons: IdentifiedPerson) -> SceneFingerprint:
    made = found(*persons).fingerprint
    assert made is not None
    return made


def test_a_fingerprint_has_each_performer_s_share_of_the_faces_that_were_recognised() -> None:
    made = fingerprint(person(6, "stashdb.org:a", 0.8), person(2, "fansdb.cc:b", 0.6), person(7, None))
    assert (made.scene_id, made.status, made.db_version) == ("7", "complete", "2026.02.12")
    assert (made.total_faces, made.frames_analyzed) == (15, 11)
    assert made.performers == (
        FingerprintPerformer("a", 6, 0.8, 0.75),
        FingerprintPerformer("b", 2, 0.6, 0.25),
    )


def test_one_id_on_two_stash_boxes_is_one_performer_of_the_fingerprint() -> None:
    made = fingerprint(person(3, "stashdb.org:a", 0.8), person(1, "fansdb.cc:a", 0.5))
    assert made.performers == (FingerprintPerformer("a", 4, 0.8, 1.0),)


def test_faces_that_are_counted_for_another_person_are_counted_once() -> None:
    alike = replace(person(10, "stashdb.org:z", 0.55), counted_elsewhere=True)
    made = fingerprint(person(10, "stashdb.org:p", 0.8), alike)
    assert made.performers == (FingerprintPerformer("p", 10, 0.8, 1.0),)


def test_nobody_recognised_is_complete() -> None:
    assert (fingerprint(person(3, None)).status, fingerprint(person(3, None)).performers) == ("complete", ())


def test_of_a_film_that_was_hardly_seen_nothing_is_remembered() -> None:
    known = person(1, "stashdb.org:a", 0.8)
    assert found(known, frames=0).fingerprint is None
    assert found(known, frames=1).fingerprint is not None
    assert found(known, frames=29, unfinished=True).fingerprint is None
    assert found(known, frames=30, unfinished=True).fingerprint is not None
