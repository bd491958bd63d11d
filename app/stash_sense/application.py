"""The application: its parts are built here, wired, started and stopped."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from stash_sense import __version__
from stash_sense.background import Background
from stash_sense.http.body_limit import BodyLimit
from stash_sense.http.errors import map_errors
from stash_sense.http.examples import examples_router
from stash_sense.http.health import health_router
from stash_sense.http.identify import identify_router
from stash_sense.http.identify_gallery import identify_gallery_router
from stash_sense.http.identify_scene import identify_scene_router
from stash_sense.http.recommendations.router import recommendations_router
from stash_sense.identification.gallery import GalleryIdentifier
from stash_sense.identification.lanes import Lanes
from stash_sense.identification.scene import SceneIdentifier
from stash_sense.library.library import Library
from stash_sense.media.fetch import ImageFetcher
from stash_sense.service import RecognitionService
from stash_sense.settings import Settings
from stash_sense.stash.client import StashClient
from stash_sense.stash.contact import StashContact

logger = logging.getLogger(__name__)

# Base64 makes four bytes of three; the rest of the request is small.
_REQUEST_OVERHEAD = 64 * 1024


@dataclass(frozen=True)
class Sidecar:
    """The application and the parts that its owner may need to reach."""

    app: FastAPI
    service: RecognitionService


def create_sidecar(settings: Settings) -> Sidecar:
    """Build and wire the parts. Nothing is loaded until the application starts."""
    service = RecognitionService(settings)
    stash = StashClient(settings.stash_url, settings.stash_api_key, settings.stash_rate_limit)
    library = Library(
        settings.data_dir, settings.database_url.get_secret_value() if settings.database_url else None
    )
    contact = StashContact(stash)
    lanes = Lanes(settings.identify_concurrency)
    scenes = SceneIdentifier(service, stash, lanes)
    galleries = GalleryIdentifier(service, stash, library, lanes)
    background = Background(service, scenes, stash, library)
    fetcher = ImageFetcher(max_bytes=settings.max_image_bytes, stash=stash.origin)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        contact.start()
        service.start()
        library.start()
        background.start()
        yield
        await contact.stop()
        await background.stop()
        await service.stop()
        await library.stop()
        await fetcher.aclose()
        await stash.aclose()

    app = FastAPIOffline(
        title="Stash Sense",
        version=__version__,
        description="Recognises the performers in a Stash library by their faces.",
        lifespan=lifespan,
    )
    app.add_middleware(BodyLimit, max_bytes=settings.max_image_bytes * 4 // 3 + _REQUEST_OVERHEAD)
    map_errors(app)
    app.include_router(health_router(service, stash, contact))
    app.include_router(identify_router(service, fetcher, stash, library))
    app.include_router(identify_scene_router(scenes, library))
    app.include_router(identify_gallery_router(galleries))
    app.include_router(recommendations_router(background, service, stash, library))
    app.include_router(examples_router())
    return Sidecar(app, service)


def create_app(settings: Settings) -> FastAPI:
    """The ASGI application."""
    return create_sidecar(settings).app
