"""Who is in one of Stash's galleries."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from stash_sense.http.answers import signal_answers
from stash_sense.http.disconnect import unless_gone
from stash_sense.http.examples import STASH_GALLERY_EXAMPLES
from stash_sense.http.gallery_models import GalleryPerformerAnswer, GalleryRequest, GalleryResponse
from stash_sense.http.models import Problem
from stash_sense.identification.gallery import GalleryIdentification, GalleryIdentifier
from stash_sense.identification.gallery_performers import GalleryPerformer
from stash_sense.recognition.recogniser import Query

_PROBLEMS: dict[int | str, dict[str, Any]] = {code: {"model": Problem} for code in (400, 404, 502, 503)}


def identify_gallery_router(galleries: GalleryIdentifier) -> APIRouter:
    router = APIRouter(prefix="/identify", tags=["identify"])

    @router.post("/gallery", responses=_PROBLEMS)
    async def identify_gallery(
        request: Request, asked: Annotated[GalleryRequest, Body(openapi_examples=STASH_GALLERY_EXAMPLES)]
    ) -> GalleryResponse:
        """Name the people in a gallery's images, and remember each image's as its fingerprint."""
        query = Query(asked.top_k, asked.max_distance, asked.min_face_confidence)
        return _answer(await unless_gone(request, galleries.identify(asked.gallery_id, query)))

    return router


def _answer(found: GalleryIdentification) -> GalleryResponse:
    return GalleryResponse(
        gallery_id=found.gallery_id,
        total_images=found.total_images,
        images_processed=found.images_processed,
        faces_detected=found.faces_detected,
        performers=[_performer(performer) for performer in found.performers],
        errors=list(found.errors),
        signals=signal_answers(found.signals),
    )


def _performer(found: GalleryPerformer) -> GalleryPerformerAnswer:
    return GalleryPerformerAnswer(
        performer_id=found.performer.stashdb_id,
        name=found.performer.name,
        best_distance=found.best_distance,
        avg_distance=found.avg_distance,
        confidence=found.confidence,
        image_count=len(found.image_ids),
        image_ids=list(found.image_ids),
        country=found.performer.country,
        image_url=found.performer.image_url,
    )
