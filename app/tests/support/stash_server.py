"""A small real Stash: GraphQL and media over HTTP, key checking, and faults to switch on.

with stash_running(api_key="...") as stash:
    stash.images["7"] = StashPicture(content=jpeg, width=640, height=480)
    stash.faults.status = 500
"""

import asyncio
import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ariadne import QueryType, UnionType, make_executable_schema
from ariadne.asgi import GraphQL
from graphql import GraphQLError, GraphQLSchema
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.support.stash_schema import SCHEMA_TEXT
from tests.support.threaded_server import serving


@dataclass
class StashPicture:
    """An image in Stash. `content` None: the file is gone from the disk."""

    content: bytes | None
    width: int = 0
    height: int = 0
    title: str | None = None
    media_type: str = "image/jpeg"
    thumbnail: bytes = b""
    is_clip: bool = False
    gallery_ids: tuple[str, ...] = ()


@dataclass
class Faults:
    """What goes wrong. Each holds for all requests, or for the next `times` ones."""

    slow_seconds: float = 0.0
    status: int | None = None
    drop_connection: bool = False
    graphql_error: str | None = None
    body: bytes | None = None
    redirect_to: str | None = None
    times: int | None = None

    def strike(self) -> bool:
        """Whether this request is affected."""
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


@dataclass
class SeenRequest:
    """One request as it arrived; header names in lower case. `client` is the connection's other end."""

    path: str
    headers: dict[str, str]
    client: tuple[str, int] | None = None


@dataclass
class StashServer:
    """What the server holds, does wrong and has seen. Change it while it runs."""

    api_key: str | None = None
    images: dict[str, StashPicture] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    # Stash's setting for links that are to work from outside.
    external_host: str | None = None
    version: str | None = "v0.28.1"
    requests: list[SeenRequest] = field(default_factory=list)
    # The address of the running server.
    url: str = ""

    def reset(self, api_key: str | None) -> None:
        """As if started anew, on the same address."""
        fresh = StashServer(api_key=api_key, url=self.url)
        for name in vars(fresh):
            setattr(self, name, getattr(fresh, name))

    def seen(self, path: str) -> list[SeenRequest]:
        """The requests to this path so far."""
        return [request for request in self.requests if request.path == path]


@contextlib.contextmanager
def stash_running(api_key: str | None = None, prefix: str = "") -> Iterator[StashServer]:
    """A Stash on a free port of 127.0.0.1, under the path `prefix` as behind a reverse proxy."""
    stash = StashServer(api_key=api_key)
    inner = Starlette(
        routes=[
            Route("/graphql", _graphql(stash)),
            Route("/image/{image_id}/{kind}", functools.partial(_media, stash)),
            Route("/login", lambda _: HTMLResponse("<!DOCTYPE html><html>Log in to Stash</html>")),
        ]
    )
    guarded: ASGIApp = _Gate(stash, inner)
    with serving(Starlette(routes=[Mount(prefix, guarded)]) if prefix else guarded) as address:
        stash.url = address + prefix
        yield stash


def executable_schema(stash: StashServer) -> GraphQLSchema:
    """The schema with resolvers that read from `stash`."""
    query = QueryType()

    @query.field("findImage")
    def find_image(_: None, info: Any, **arguments: str) -> Any:
        image_id = arguments.get("id", "")
        # Stash parses the id as a number, and answers null for one that it does not have.
        if not image_id.isdigit():
            raise GraphQLError(f'strconv.Atoi: parsing "{image_id}": invalid syntax')
        picture = stash.images.get(image_id)
        base = stash.external_host or str(info.context["request"].base_url).rstrip("/")
        return None if picture is None else _image(image_id, picture, base)

    @query.field("version")
    def version(*_: Any) -> Any:
        return {"version": stash.version, "hash": "0a1b2c3d", "build_time": "2025-01-01 00:00:00"}

    kinds = UnionType("VisualFile", lambda file, *_: "VideoFile" if "duration" in file else "ImageFile")
    return make_executable_schema(SCHEMA_TEXT, query, kinds)


def _image(image_id: str, picture: StashPicture, base: str) -> dict[str, Any]:
    file: dict[str, Any] = {
        "id": f"10{image_id}",
        "path": f"/photos/{image_id}.jpg",
        "basename": f"{image_id}.jpg",
        "size": len(picture.content or b""),
        "width": picture.width,
        "height": picture.height,
    }
    return {
        "id": image_id,
        "title": picture.title,
        "organized": False,
        "created_at": "2025-01-01T00:00:00Z",
        "updated_at": "2025-01-01T00:00:00Z",
        "visual_files": [{**file, "duration": 3.0} if picture.is_clip else file],
        "paths": {
            "image": f"{base}/image/{image_id}/image?t=1735689600",
            "thumbnail": f"{base}/image/{image_id}/thumbnail?t=1735689600",
            "preview": None,
        },
        "galleries": [{"id": gallery, "title": None} for gallery in picture.gallery_ids],
    }


def _graphql(stash: StashServer) -> ASGIApp:
    return GraphQL(executable_schema(stash), context_value=lambda request, _: {"request": request})


async def _media(stash: StashServer, request: Request) -> Response:
    picture = stash.images.get(request.path_params["image_id"])
    if picture is None or picture.content is None:
        return PlainTextResponse("Not Found", 404)
    if request.path_params["kind"] == "thumbnail":
        return Response(picture.thumbnail, media_type="image/webp")
    return Response(picture.content, media_type=picture.media_type)


class _Gate:
    """In front of everything: the record of requests, the key, the faults."""

    def __init__(self, stash: StashServer, inner: ASGIApp) -> None:
        self._stash = stash
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        self._stash.requests.append(SeenRequest(path, dict(request.headers), scope.get("client")))
        answer = self._refusal(request, path) or await self._fault()
        await (answer or self._inner)(scope, receive, send)

    def _refusal(self, request: Request, path: str) -> Response | None:
        """As Stash with credentials does: 401 for the API, the log-in page for everything else."""
        key = self._stash.api_key
        if key is None or request.headers.get("apikey") == key or path == "/login":
            return None
        if path.startswith("/graphql"):
            return Response(status_code=401, headers={"WWW-Authenticate": "FormBased"})
        return RedirectResponse(f"/login?returnURL={path}", 302)

    async def _fault(self) -> Response | None:
        faults = self._stash.faults
        if not faults.strike():
            return None
        await asyncio.sleep(faults.slow_seconds)
        if faults.drop_connection:
            return _Dropped()
        if faults.redirect_to is not None:
            return RedirectResponse(faults.redirect_to, 302)
        if faults.status is not None:
            return PlainTextResponse("Internal Server Error", faults.status)
        if faults.body is not None:
            return Response(faults.body, media_type="application/json")
        if faults.graphql_error is not None:
            return JSONResponse({"data": None, "errors": [{"message": faults.graphql_error}]})
        return None


class _Dropped(Response):
    """Promises more than it sends; the server then closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"2000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"data":', "more_body": True})
