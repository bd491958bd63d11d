"""Request and response of ``/identify/scene``. Names and types are a promise to the Stash plugin."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from stash_sense.http.models import Match, Signal, StashId
from stash_sense.recognition.scene.modes import MatchingMode


class SceneRequest(BaseModel):
    scene_id: StashId
    num_frames: Annotated[int, Field(ge=5, le=120, description="Frames to look at, cover aside")] = 60
    start_offset_pct: Annotated[float, Field(ge=0, le=0.5, description="Part of the film passed over")] = 0.05
    end_offset_pct: Annotated[float, Field(ge=0.5, le=1, description="Where in the film to end")] = 0.95
    min_face_size: Annotated[int, Field(ge=20, le=200, description="Pixels, on both sides")] = 40
    min_face_confidence: Annotated[float, Field(ge=0.1, le=1)] = 0.5
    top_k: Annotated[int, Field(ge=1, le=10, description="Matches per person at most")] = 3
    max_distance: Annotated[float, Field(ge=0, le=2, description="Fused distance of a match at most")] = 0.5
    cluster_threshold: Annotated[
        float, Field(ge=0.2, le=3, description="Cosine distance of one person's faces at most")
    ] = 0.6
    matching_mode: MatchingMode = MatchingMode.FREQUENCY
    scene_performer_stashdb_ids: list[str] = Field(
        default_factory=list, description="Who the scene names already: ids on the stash-box"
    )
    stash_url: str | None = Field(None, description="Ignored: the sidecar asks the Stash of its settings")
    api_key: SecretStr | None = Field(None, description="Ignored, as is stash_url")


class ScenePerson(BaseModel):
    """Somebody in the scene, known or not."""

    person_id: int
    frame_count: int = Field(description="Distinct frames with a face of theirs")
    best_match: Match | None
    all_matches: list[Match]


class Timing(BaseModel):
    """Milliseconds. The film is decoded while faces are recognised: the parts may exceed the total."""

    total_ms: float
    extraction_ms: float
    detection_ms: float
    embedding_ms: float
    recognition_ms: float
    matching_ms: float
    face_loop_ms: float


class SceneResponse(BaseModel):
    scene_id: str
    frames_analyzed: int
    frames_requested: int
    faces_detected: int
    faces_after_filter: int
    persons: list[ScenePerson]
    errors: list[str] = Field(description="What could not be looked at, and why; at most five lines")
    fingerprint_saved: bool
    fingerprint_error: str | None
    timing: Timing
    signals: list[Signal] = Field(description="None takes part: scenes are recognised by their faces alone")
