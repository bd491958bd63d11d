"""The scenes' fingerprints: how many there are, made, stopped, made anew."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Request, status

from stash_sense.fingerprints.generator import AlreadyRunningError, FingerprintGenerator
from stash_sense.fingerprints.progress import GenerationConfig
from stash_sense.http.models import Problem
from stash_sense.http.recommendations.fingerprint_models import (
    SCENE_IDS_BODY,
    Confirmation,
    FingerprintStatus,
    GenerateRequest,
    GenerationProgress,
    GenerationStarted,
    GenerationStopping,
    MarkedAll,
    MarkedScenes,
    NeverRun,
)
from stash_sense.library import scene_fingerprints
from stash_sense.library.library import Library
from stash_sense.service import NotReadyError, RecognitionService
from stash_sense.stash.client import StashClient, StashNotConfigured


def _problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    return {code: {"model": Problem} for code in (*codes, 503)}


def fingerprints_router(
    generator: FingerprintGenerator, service: RecognitionService, stash: StashClient, library: Library
) -> APIRouter:
    router = APIRouter(prefix="/fingerprints")

    @router.get("/status", responses=_problems())
    async def fingerprint_status() -> FingerprintStatus:
        """How many fingerprints there are, and of which recognition database."""
        version = service.database.manifest.version if service.database is not None else None
        counts = await library.reading(lambda connection: scene_fingerprints.counts(connection, version))
        generation = await generator.find()
        return FingerprintStatus(
            total_fingerprints=counts.total,
            complete_fingerprints=counts.complete,
            pending_fingerprints=counts.pending,
            error_fingerprints=counts.error,
            current_db_version=version,
            current_version_count=counts.current,
            needs_refresh_count=counts.outdated,
            generation_running=generation is not None and generation.status in ("running", "stopping"),
            generation_progress=None if generation is None else GenerationProgress.of(generation),
        )

    @router.post("/generate", responses=_problems(400, 409))
    async def generate(request: Annotated[GenerateRequest | None, Body()] = None) -> GenerationStarted:
        """Begin to make the fingerprints that are missing, in the background."""
        asked = request or GenerateRequest()
        if not stash.configured:
            raise StashNotConfigured(
                "there is no Stash: set STASH_URL to its base address, such as http://host:6969"
            )
        if service.database is None:
            raise NotReadyError(f"no database is loaded: {service.checks()[0].reason}")
        try:
            await generator.start(GenerationConfig(**asked.model_dump()))
        except AlreadyRunningError as error:
            raise HTTPException(status.HTTP_409_CONFLICT, str(error)) from error
        return GenerationStarted(message="the fingerprints are being made in the background", config=asked)

    @router.post("/stop", responses=_problems(404))
    async def stop() -> GenerationStopping:
        """End the generation after the scene that it is at."""
        generation = await generator.ask_to_stop()
        if generation is None:
            raise HTTPException(
                status.HTTP_404_NOT_FOUND, "there is nothing to stop: no fingerprints were generated yet"
            )
        ends = generation.status == "stopping"
        return GenerationStopping(
            status=generation.status,
            message="it ends after the current scene" if ends else f"it is not running: {generation.status}",
            progress=GenerationProgress.of(generation),
        )

    @router.get("/progress", responses=_problems())
    async def progress() -> GenerationProgress | NeverRun:
        """How far the last or present generation is."""
        generation = await generator.find()
        if generation is None:
            return NeverRun(message="no fingerprints were generated yet")
        return GenerationProgress.of(generation)

    @router.post("/refresh", responses=_problems(400), openapi_extra={"requestBody": SCENE_IDS_BODY})
    async def refresh(request: Request) -> MarkedScenes:
        """Let the next generation make these scenes' fingerprints anew."""
        ids = _scene_ids(await request.body())
        marked = await library.writing(lambda connection: scene_fingerprints.mark_pending(connection, ids))
        return MarkedScenes(marked_for_refresh=marked, scene_ids=ids)

    @router.post("/refresh-all", responses=_problems(400))
    async def refresh_all(confirm: Annotated[Confirmation, Query()] = False) -> MarkedAll:
        """Let the next generation make all fingerprints anew."""
        if not confirm:
            raise HTTPException(
                status.HTTP_400_BAD_REQUEST, "this makes every fingerprint anew: send confirm=true to mean it"
            )
        marked = await library.writing(scene_fingerprints.mark_pending)
        return MarkedAll(
            marked_for_refresh=marked, message=f"the next generation makes {marked} fingerprints anew"
        )

    return router


def _scene_ids(body: bytes) -> list[str]:
    """The ids of a bare JSON list; the contract wants a 400 for anything else, be it JSON or not."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        given = None
    if isinstance(given, list):
        ids = [str(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in given]
        if ids and all(isinstance(one, str) and one.isascii() and one.isdigit() for one in ids):
            return ids
    raise HTTPException(
        status.HTTP_400_BAD_REQUEST,
        'the body is not a list of scene ids; expected one such as ["12", "345"]',
    )
