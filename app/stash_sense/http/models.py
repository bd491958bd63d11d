"""Request and response bodies. Every name and type here is a promise to the Stash plugin."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from stash_sense.readiness import State
from stash_sense.signals.reports import ReportState
from stash_sense.signals.signal import SignalName

TopK = Annotated[int, Field(ge=1, le=20, description="Matches per face at most")]
MaxDistance = Annotated[float, Field(ge=0, le=2, description="Fused cosine distance of a match at most")]
MinFaceConfidence = Annotated[float, Field(ge=0, le=1, description="Detector score of a face at least")]
StashId = Annotated[str, Field(pattern=r"^[0-9]{1,18}$", description="Stash's id: digits")]


class ImageKnobs(BaseModel):
    """What every identification of a single picture may turn."""

    top_k: TopK = 5
    max_distance: MaxDistance = 0.6
    min_face_confidence: MinFaceConfidence = 0.5


class IdentifyRequest(ImageKnobs):
    image_url: str | None = Field(None, description="Where the sidecar can fetch the picture (http, https)")
    image_base64: str | None = Field(None, description="The picture itself; a data: URL is accepted too")
    use_multi_signal: bool = Field(True, description="Let other signals than the face re-rank")
    use_body: bool = Field(True, description="Let body proportions re-rank")
    use_tattoo: bool = Field(True, description="Let tattoos re-rank")


class StashImageRequest(ImageKnobs):
    image_id: StashId


class Box(BaseModel):
    """A face's place, in pixels of the analysed image (after its EXIF orientation)."""

    x: int
    y: int
    width: int
    height: int
    confidence: float


class Match(BaseModel):
    """A performer near a face. Distances are cosine distances: 0 identical, 2 opposite.

    The best match comes first: the one with the largest ``signal_weight / (1 + distance)``.
    """

    stashdb_id: str
    name: str
    confidence: float
    distance: float
    facenet_distance: float
    arcface_distance: float
    country: str | None
    image_url: str | None
    already_tagged: bool
    signal_weight: float = Field(
        1.0, description="What other signals than the face made of it: below 1 against it, above 1 for it"
    )


class Body(BaseModel):
    """Proportions of the body that a face belongs to; null for what the picture does not show."""

    shoulder_hip_ratio: float | None
    leg_torso_ratio: float | None
    arm_span_height_ratio: float | None
    confidence: float = Field(description="Mean visibility of the landmarks, 0.3 to 1")


class Face(BaseModel):
    box: Box
    matches: list[Match]
    body: Body | None = Field(None, description="Measured where there is somebody to compare with")


class Signal(BaseModel):
    """What became of one of the signals that weigh besides the face.

    used: it compared something; silent: it had nothing to compare; off: not wanted; unavailable: wanted, and
    not to be had.
    """

    name: SignalName
    state: ReportState
    reason: str


class IdentifyResponse(BaseModel):
    faces: list[Face]
    face_count: int
    signals: list[Signal]


class IdentifyImageResponse(IdentifyResponse):
    fingerprint_saved: bool = Field(
        description="Whether the image's fingerprint is in the sidecar's database"
    )
    fingerprint_error: str | None = Field(description="Why it is not; null when it is")


class Health(BaseModel):
    status: Literal["healthy", "degraded"]
    database_loaded: bool
    performer_count: int
    face_count: int


class FfmpegHealth(BaseModel):
    ffmpeg_available: bool
    v2_endpoint_ready: bool


class RateLimiterHealth(BaseModel):
    total_requests: int
    total_wait_time: float
    avg_wait_time: float
    requests_per_second: float
    queue_depth: int


class DatabaseInfo(BaseModel):
    version: str
    performer_count: int
    face_count: int
    sources: list[str]
    created_at: str | None


class ReadyCheck(BaseModel):
    name: str
    state: State
    reason: str


class ActiveDatabase(BaseModel):
    version: str
    path: str


class Readiness(BaseModel):
    ready: bool
    version: str
    checks: list[ReadyCheck]
    database: ActiveDatabase | None


class Problem(BaseModel):
    """The body of every error."""

    detail: str
