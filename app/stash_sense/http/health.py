"""Health (always answers), readiness (may fail), and what is known of the database."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, HTTPException, Response, status

from stash_sense import __version__
from stash_sense.http.models import (
    ActiveDatabase,
    DatabaseInfo,
    FfmpegHealth,
    Health,
    Problem,
    RateLimiterHealth,
    Readiness,
    ReadyCheck,
)
from stash_sense.media.video.ffmpeg import ffmpeg_available
from stash_sense.readiness import is_ready
from stash_sense.service import RecognitionService
from stash_sense.stash.client import StashClient
from stash_sense.stash.contact import StashContact


def health_router(service: RecognitionService, stash: StashClient, contact: StashContact) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/health")
    async def health() -> Health:
        """Whether the sidecar is up, and with a database. Always 200; /ready is the check that can fail."""
        database = service.database
        if database is None:
            return Health(status="degraded", database_loaded=False, performer_count=0, face_count=0)
        manifest = database.manifest
        return Health(
            status="healthy",
            database_loaded=True,
            performer_count=manifest.performer_count,
            face_count=manifest.face_count,
        )

    @router.get("/ready", responses={503: {"model": Readiness}})
    async def ready(response: Response) -> Readiness:
        """Whether answers would be right: database, models, golden query and GPU, each with its reason.

        Signals and Stash are told as well; without them the service is ready all the same.
        """
        checks = [*service.checks(), contact.check]
        database = service.database
        is_now_ready = is_ready(checks)
        if not is_now_ready:
            response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
        return Readiness(
            ready=is_now_ready,
            version=__version__,
            checks=[ReadyCheck(name=c.name, state=c.state, reason=c.reason) for c in checks],
            database=None
            if database is None
            else ActiveDatabase(version=database.manifest.version, path=str(database.directory)),
        )

    @router.get("/health/ffmpeg")
    async def ffmpeg() -> FfmpegHealth:
        """Whether films can be looked into, and people in them recognised."""
        # The first time, its libraries are loaded for it.
        available = await asyncio.to_thread(ffmpeg_available)
        return FfmpegHealth(
            ffmpeg_available=available, v2_endpoint_ready=available and service.database is not None
        )

    @router.get("/health/rate-limiter")
    async def rate_limiter() -> RateLimiterHealth:
        """How much calls to Stash have waited for their turn."""
        return RateLimiterHealth.model_validate(stash.rate_limiter_stats(), from_attributes=True)

    @router.get("/database/info", responses={503: {"model": Problem}})
    async def database_info() -> DatabaseInfo:
        """The database that answers."""
        database = service.database
        if database is None:
            raise HTTPException(
                status.HTTP_503_SERVICE_UNAVAILABLE, f"no database is loaded: {service.checks()[0].reason}"
            )
        return DatabaseInfo.model_validate(database.manifest, from_attributes=True)

    return router
