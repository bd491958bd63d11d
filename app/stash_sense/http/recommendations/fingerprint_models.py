"""Bodies about fingerprints. Every name and type here is a promise to the Stash plugin."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from stash_sense.fingerprints.progress import Generation
from stash_sense.library.jobs import JobStatus

SCENE_IDS_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "example": ["12", "345"],
        }
    },
}
"""A bare list, in OpenAPI's words. FastAPI would refuse a body that is no JSON with another code than the
contract's."""


def _false_for_odd(value: object, read: ValidatorFunctionWrapHandler) -> bool:
    try:
        return bool(read(value))
    except ValidationError:
        return False


Confirmation = Annotated[
    bool, WrapValidator(_false_for_odd), Field(description="Anything but true is a refusal, with a 400")
]


class GenerateRequest(BaseModel):
    refresh_outdated: bool = Field(
        default=True, description="Make those of an earlier recognition database anew, too"
    )
    num_frames: Annotated[int, Field(ge=5, le=120, description="Frames of a scene, cover aside")] = 60
    min_face_size: Annotated[int, Field(ge=20, le=200, description="Pixels, on both sides")] = 40
    max_distance: Annotated[float, Field(ge=0, le=2, description="Fused distance of a match at most")] = 0.5


class GenerationProgress(BaseModel):
    status: JobStatus
    total_scenes: int
    processed_scenes: int
    successful: int
    failed: int
    skipped: int
    progress_pct: float
    current_scene_id: str | None
    current_scene_title: str | None
    error_message: str | None

    @classmethod
    def of(cls, generation: Generation) -> GenerationProgress:
        tally = generation.tally
        return cls(
            status=generation.status,
            total_scenes=tally.total_scenes,
            processed_scenes=tally.processed_scenes,
            successful=tally.successful,
            failed=tally.failed,
            skipped=tally.skipped,
            progress_pct=tally.progress_pct,
            current_scene_id=tally.current_scene_id,
            current_scene_title=tally.current_scene_title,
            error_message=tally.error_message,
        )


class NeverRun(BaseModel):
    """Before the first generation there is no more to say."""

    status: JobStatus = "idle"
    message: str


class FingerprintStatus(BaseModel):
    total_fingerprints: int
    complete_fingerprints: int
    pending_fingerprints: int
    error_fingerprints: int
    current_db_version: str | None = Field(description="null while no database is loaded")
    current_version_count: int
    needs_refresh_count: int = Field(description="Complete, and made with another database")
    generation_running: bool
    generation_progress: GenerationProgress | None


class GenerationStarted(BaseModel):
    status: str = "started"
    message: str
    config: GenerateRequest


class GenerationStopping(BaseModel):
    status: JobStatus
    message: str
    progress: GenerationProgress


class MarkedScenes(BaseModel):
    marked_for_refresh: int
    scene_ids: list[str]


class MarkedAll(BaseModel):
    marked_for_refresh: int
    message: str
