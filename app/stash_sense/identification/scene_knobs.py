"""What whoever asks about a scene may turn."""

from __future__ import annotations

from dataclasses import dataclass

from stash_sense.recognition.scene.modes import MatchingMode


@dataclass(frozen=True)
class SceneKnobs:
    """The contract's names, defaults and units.

    Attributes:
        start_offset_pct, end_offset_pct: the part of the film that is looked at, 0 to 1.
        min_face_size: in pixels, on both sides.
        min_face_confidence: detector score, 0 to 1.
        max_distance: largest fused cosine distance of a match, 0 to 2.
        cluster_threshold: largest cosine distance of a face from the cluster it joins.
        tagged: ids on the stash-box of the performers that the scene names already.
    """

    num_frames: int = 60
    start_offset_pct: float = 0.05
    end_offset_pct: float = 0.95
    min_face_size: int = 40
    min_face_confidence: float = 0.5
    top_k: int = 3
    max_distance: float = 0.5
    cluster_threshold: float = 0.6
    matching_mode: MatchingMode = MatchingMode.FREQUENCY
    tagged: frozenset[str] = frozenset()
