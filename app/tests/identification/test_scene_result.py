from __future__ import annotations

from stash_sense.database.records import Performer
from stash_sense.identification.scene_result import IdentifiedPerson, SceneIdentification, SceneTiming
from stash_sense.library.scene_fingerprint import FingerprintPerformer
from stash_sense.recognition.fusion import Candidate
from stash_sense.recognition.recogniser import PerformerMatch

NO_TIME = SceneTiming(0, 0, 0, 0, 0, 0, 0)


def person(faces: int, universal_id: str | None, confidence: float | None = None) -> IdentifiedPerson:
    if universal_id is None:
        return IdentifiedPerson(faces, faces, None, ())
    performer = Performer(universal_id, "somebody", None, None, 1)
    match = PerformerMatch(performer, Candidate(universal_id, 0.3, 0.3, 0.3))
    return IdentifiedPerson(faces, faces, confidence, (match,))


def found(*persons: IdentifiedPerson, frames: int = 10) -> SceneIdentification:
    return SceneIdentification("7", 60, frames, 20, 15, persons, (), NO_TIME, "2026.02.12")


def test_a_fingerprint_has_each_performer_s_share_of_the_faces_that_were_recognised() -> None:
    made = found(person(6, "stashdb.org:a", 0.8), person(2, "fansdb.cc:b", 0.6), person(7, None)).fingerprint
    assert (made.scene_id, made.status, made.db_version) == ("7", "complete", "2026.02.12")
    assert (made.total_faces, made.frames_analyzed) == (15, 10)
    assert made.performers == (
        FingerprintPerformer("a", 6, 0.8, 0.75),
        FingerprintPerformer("b", 2, 0.6, 0.25),
    )


def test_one_id_on_two_stash_boxes_is_one_performer_of_the_fingerprint() -> None:
    made = found(person(3, "stashdb.org:a", 0.8), person(1, "fansdb.cc:a", 0.5)).fingerprint
    assert made.performers == (FingerprintPerformer("a", 4, 0.8, 1.0),)


def test_nobody_recognised_is_complete_and_nothing_seen_is_not() -> None:
    assert found(person(3, None)).fingerprint.status == "complete"
    assert found(person(3, None)).fingerprint.performers == ()
    assert found(frames=0).fingerprint.status == "error"
