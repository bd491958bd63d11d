"""Who is in a picture: one that is sent, one at an address, one of Stash's."""

from __future__ import annotations

from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Body, Query

from stash_sense.http.answers import identify_image_response, identify_response
from stash_sense.http.examples import IDENTIFY_EXAMPLES, PORTRAIT_URL, STASH_IMAGE_EXAMPLES
from stash_sense.http.models import (
    IdentifyImageResponse,
    IdentifyRequest,
    IdentifyResponse,
    ImageKnobs,
    MaxDistance,
    Problem,
    StashImageRequest,
    TopK,
)
from stash_sense.identification.image_fingerprint import image_fingerprint
from stash_sense.library.library import Library
from stash_sense.media.decode import ImageError, decode_base64
from stash_sense.media.fetch import ImageFetcher
from stash_sense.recognition.recogniser import Query as Knobs
from stash_sense.service import Identification, RecognitionService
from stash_sense.signals.reports import SignalKnobs
from stash_sense.stash.client import StashClient

_PROBLEMS: dict[int | str, dict[str, Any]] = {400: {"model": Problem}, 503: {"model": Problem}}
_STASH_PROBLEMS: dict[int | str, dict[str, Any]] = {
    **_PROBLEMS,
    404: {"model": Problem},
    502: {"model": Problem},
}


def identify_router(
    service: RecognitionService, fetcher: ImageFetcher, stash: StashClient, library: Library
) -> APIRouter:
    router = APIRouter(prefix="/identify", tags=["identify"])

    async def look(data: bytes, knobs: ImageKnobs, signals: SignalKnobs | None = None) -> Identification:
        query = Knobs(knobs.top_k, knobs.max_distance, knobs.min_face_confidence)
        return await service.identify(data, query, signals=signals)

    @router.post("", responses=_PROBLEMS)
    async def identify(
        request: Annotated[IdentifyRequest, Body(openapi_examples=IDENTIFY_EXAMPLES)],
    ) -> IdentifyResponse:
        """Name the people in a picture given as base64 or by its address."""
        if request.image_base64:
            data = await anyio.to_thread.run_sync(decode_base64, request.image_base64, service.limits)
        elif request.image_url:
            data = await fetcher.fetch(request.image_url)
        else:
            raise ImageError("no image: neither image_base64 nor image_url was given; send one of them")
        signals = SignalKnobs(request.use_multi_signal, request.use_body, request.use_tattoo)
        return identify_response(await look(data, request, signals))

    @router.post("/url", responses=_PROBLEMS)
    async def identify_url(
        url: Annotated[str, Query(description="Where the picture is", examples=[PORTRAIT_URL])],
        top_k: Annotated[TopK, Query()] = 5,
        max_distance: Annotated[MaxDistance, Query()] = 0.6,
    ) -> IdentifyResponse:
        """Name the people in the picture at an address."""
        knobs = ImageKnobs(top_k=top_k, max_distance=max_distance)
        return identify_response(await look(await fetcher.fetch(url), knobs))

    @router.post("/image", responses=_STASH_PROBLEMS)
    async def identify_image(
        request: Annotated[StashImageRequest, Body(openapi_examples=STASH_IMAGE_EXAMPLES)],
    ) -> IdentifyImageResponse:
        """Name the people in one of Stash's images, by its id, and remember them as its fingerprint."""
        image = await stash.images.get(request.image_id)
        found = await look(await stash.images.download(image, service.limits.max_bytes), request)
        return identify_image_response(found, await library.save_image(image_fingerprint(image, found)))

    return router
