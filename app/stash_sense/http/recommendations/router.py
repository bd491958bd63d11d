"""The routers below ``/recommendations``, in the order in which paths are tried."""

from __future__ import annotations

from fastapi import APIRouter

from stash_sense.background import Background
from stash_sense.http.recommendations.actions import actions_router
from stash_sense.http.recommendations.analysis import analysis_router
from stash_sense.http.recommendations.fingerprints import fingerprints_router
from stash_sense.http.recommendations.listing import listing_router
from stash_sense.http.recommendations.settings import settings_router
from stash_sense.http.recommendations.stash import stash_router
from stash_sense.http.recommendations.upstream import upstream_router
from stash_sense.library.library import Library
from stash_sense.service import RecognitionService
from stash_sense.stash.client import StashClient


def recommendations_router(
    background: Background, service: RecognitionService, stash: StashClient, library: Library
) -> APIRouter:
    router = APIRouter(tags=["recommendations"])
    for part in (
        analysis_router(background.analyses, stash, library),
        stash_router(stash),
        actions_router(stash),
        fingerprints_router(background.fingerprints, service, stash, library),
        upstream_router(library),
        settings_router(library),
        # Last: /{id} would take the others' first words for ids.
        listing_router(library),
    ):
        router.include_router(part, prefix="/recommendations")
    return router
