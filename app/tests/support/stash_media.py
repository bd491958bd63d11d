"""What the test's Stash serves beside GraphQL: pictures, covers, and films in ranges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.support.stash_library import StashPicture, StashScene

# What Stash serves as the cover of a scene that has none.
_NO_COVER = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"/>'


class MediaServer(Protocol):
    """What is served, and whether films can be read in ranges."""

    scenes: dict[str, StashScene]
    images: dict[str, StashPicture]
    ranges: bool


def media_routes(server: MediaServer) -> list[Route]:
    """Routes to what `server` holds when they are asked."""

    async def image(request: Request) -> Response:
        picture = server.images.get(request.path_params["image_id"])
        if picture is None or picture.content is None:
            return PlainTextResponse("Not Found", 404)
        if request.path_params["kind"] == "thumbnail":
            return Response(picture.thumbnail, media_type="image/webp")
        return Response(picture.content, media_type=picture.media_type)

    async def stream(request: Request) -> Response:
        scene = server.scenes.get(request.path_params["scene_id"])
        content = scene.files[0].content if scene and scene.files else None
        if content is None or not content.exists():
            return PlainTextResponse("Not Found", 404)
        if not server.ranges:
            return StreamingResponse(_pieces(content), media_type="video/mp4")
        return FileResponse(content, media_type="video/mp4")

    async def screenshot(request: Request) -> Response:
        scene = server.scenes.get(request.path_params["scene_id"])
        if scene is None:
            return PlainTextResponse("Not Found", 404)
        if scene.cover is None:
            return Response(_NO_COVER, media_type="image/svg+xml")
        return Response(scene.cover, media_type="image/jpeg")

    async def log_in(_: Request) -> Response:
        return HTMLResponse("<!DOCTYPE html><html>Log in to Stash</html>")

    return [
        Route("/image/{image_id}/{kind}", image),
        Route("/scene/{scene_id}/stream", stream),
        Route("/scene/{scene_id}/screenshot", screenshot),
        Route("/login", log_in),
    ]


def _pieces(content: Path) -> Iterator[bytes]:
    with content.open("rb") as file:
        while piece := file.read(64 * 1024):
            yield piece
