from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stash_sense.database.records import Performer
from stash_sense.identification.gallery_performers import gallery_performers, nearest_matches
from stash_sense.recognition.faces import DetectedFace
from stash_sense.recognition.fusion import Candidate
from stash_sense.recognition.recogniser import IdentifiedFace, PerformerMatch


def match(name: str, distance: float) -> PerformerMatch:
    performer = Performer(f"stashdb.org:{name}", name, None, None, 1)
    return PerformerMatch(performer, Candidate(performer.universal_id, distance, distance, distance))


def image(**distances: float) -> dict[str, PerformerMatch]:
    return {f"stashdb.org:{name}": match(name, distance) for name, distance in distances.items()}


def test_seen_twice_is_kept_and_seen_once_only_when_near() -> None:
    found = gallery_performers(
        {"1": image(often=0.5, near=0.39), "2": image(often=0.3, far=0.4), "3": image()}
    )
    assert [(p.performer.name, p.image_ids) for p in found] == [("often", ("1", "2")), ("near", ("1",))]
    often = found[0]
    assert (often.best_distance, often.avg_distance) == (0.3, pytest.approx(0.4))
    assert often.confidence == pytest.approx(0.7)


def test_of_several_faces_of_one_performer_in_an_image_the_nearest_counts() -> None:
    def face(*matches: PerformerMatch) -> IdentifiedFace:
        nothing = np.zeros(512, np.float32)
        seen = DetectedFace((0, 0, 9, 9), 0.9, np.zeros((5, 2), np.float32), nothing, nothing)
        return IdentifiedFace(seen, matches)

    faces = [face(match("a", 0.4), match("b", 0.5)), face(match("a", 0.2)), face()]
    assert {key: m.candidate.distance for key, m in nearest_matches(faces).items()} == {"stashdb.org:a": 0.2}


seen = st.dictionaries(st.sampled_from("abcde"), st.floats(0, 1), max_size=5)


@settings(deadline=None)
@given(st.lists(seen, max_size=8))
def test_performers_come_by_image_count_down_then_by_best_distance_up(images: list[dict[str, float]]) -> None:
    found = gallery_performers({str(i): image(**names) for i, names in enumerate(images)})
    ranks = [(-len(p.image_ids), p.best_distance) for p in found]
    assert ranks == sorted(ranks)
    for performer in found:
        distances = [names[performer.performer.name] for names in images if performer.performer.name in names]
        assert len(performer.image_ids) == len(distances)
        assert performer.best_distance == min(distances)
        assert performer.best_distance - 1e-9 <= performer.avg_distance <= max(distances) + 1e-9
        assert len(distances) >= 2 or performer.best_distance < 0.4
