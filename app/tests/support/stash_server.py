"""A realistic Stash: GraphQL that changes what it holds, media in ranges, key checking, faults to switch on.

with stash_running(api_key="...") as stash:
    stash.images["7"] = StashPicture(content=jpeg, width=640, height=480)
    stash.scenes["1"] = StashScene("Two people", [StashFile.of("11", film)], performer_ids=["3"])
    stash.faults.status = 500
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ariadne import UnionType, make_executable_schema
from ariadne.asgi import GraphQL
from graphql import GraphQLSchema
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from tests.support.gate import Faults, Gate, SeenRequest
from tests.support.stash_answers import Answers
from tests.support.stash_library import (
    StashBoxSetting,
    StashFile,
    StashGallery,
    StashLibrary,
    StashPerformer,
    StashPicture,
    StashScene,
)
from tests.support.stash_media import media_routes
from tests.support.stash_mutations import mutations
from tests.support.stash_queries import queries
from tests.support.stash_schema import SCHEMA_TEXT
from tests.support.threaded_server import serving

__all__ = [
    "StashBoxSetting",
    "StashFile",
    "StashGallery",
    "StashPerformer",
    "StashPicture",
    "StashScene",
    "StashServer",
    "stash_running",
]


@dataclass
class StashServer(StashLibrary):
    """What the server holds, does wrong and has seen. Change it while it runs."""

    api_key: str | None = None
    faults: Faults = field(default_factory=Faults)
    # Stash's setting for links that are to work from outside.
    external_host: str | None = None
    version: str | None = "v0.28.1"
    # Whether films can be read in ranges; behind some proxies they cannot.
    ranges: bool = True
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

    def asked(self, operation: str) -> list[SeenRequest]:
        """The GraphQL requests of this operation ("FindScene") so far."""
        return [request for request in self.requests if request.operation == operation]


@contextlib.contextmanager
def stash_running(
    api_key: str | None = None, prefix: str = "", schema: str = SCHEMA_TEXT
) -> Iterator[StashServer]:
    """A Stash on a free port of 127.0.0.1, under the path `prefix` as behind a reverse proxy."""
    stash = StashServer(api_key=api_key)
    graphql = GraphQL(executable_schema(stash, schema), context_value=lambda request, _: {"request": request})
    inner = Starlette(routes=[Route("/graphql", graphql), *media_routes(stash)])
    guarded: ASGIApp = Gate(stash, lambda request, path: _refusal(stash, request, path), inner)
    with serving(Starlette(routes=[Mount(prefix, guarded)]) if prefix else guarded) as address:
        stash.url = address + prefix
        yield stash


def executable_schema(stash: StashServer, schema: str) -> GraphQLSchema:
    """The schema with resolvers that read from and write to `stash`."""

    def answers(info: Any) -> Answers:
        base = stash.external_host or str(info.context["request"].base_url).rstrip("/")
        return Answers(stash, base)

    query = queries(stash, answers)

    @query.field("version")
    def version(*_: Any) -> Any:
        return {"version": stash.version, "hash": "0a1b2c3d", "build_time": "2025-01-01 00:00:00"}

    kinds = UnionType("VisualFile", lambda file, *_: "VideoFile" if "duration" in file else "ImageFile")
    return make_executable_schema(schema, query, mutations(stash, answers), kinds)


def _refusal(stash: StashServer, request: Request, path: str) -> Response | None:
    """As Stash with credentials does: 401 for the API, the log-in page for everything else."""
    given = request.headers.get("apikey") or request.query_params.get("apikey")
    if stash.api_key is None or given == stash.api_key or path == "/login":
        return None
    if path.startswith("/graphql"):
        return Response(status_code=401, headers={"WWW-Authenticate": "FormBased"})
    return RedirectResponse(f"/login?returnURL={path}", 302)
