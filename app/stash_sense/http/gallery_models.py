"""Request and response of ``/identify/gallery``. Names and types are a promise to the Stash plugin."""

from __future__ import annotations

from pydantic import BaseModel, Field

from stash_sense.http.models import ImageKnobs, Signal, StashId


class GalleryRequest(ImageKnobs):
    gallery_id: StashId


class GalleryPerformerAnswer(BaseModel):
    """A performer in the gallery. Distances are fused cosine distances, of the nearest face in each image."""

    performer_id: str = Field(description="The id on the stash-box")
    name: str
    best_distance: float
    avg_distance: float
    confidence: float
    image_count: int
    image_ids: list[str]
    country: str | None
    image_url: str | None


class GalleryResponse(BaseModel):
    gallery_id: str
    total_images: int
    images_processed: int
    faces_detected: int
    performers: list[GalleryPerformerAnswer]
    errors: list[str] = Field(description="Images that could not be read, and why; at most ten lines")
    signals: list[Signal] = Field(description="What became of each in the images together")
