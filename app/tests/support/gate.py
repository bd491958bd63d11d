"""In front of a test server: the record of requests, the key, and faults to switch on."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OPERATION = re.compile(r"\b(?:query|mutation)\s+(\w+)")


@dataclass
class Faults:
    """What goes wrong.

    It holds for all requests, or for those of these GraphQL operations ("FindScene") or to paths that begin
    so; of these, not for the first `skip`, and then for all, or for the next `times` ones.
    """

    slow_seconds: float = 0.0
    status: int | None = None
    drop_connection: bool = False
    graphql_error: str | None = None
    body: bytes | None = None
    redirect_to: str | None = None
    # The connection ends after so many bytes of the answer's body.
    cut_after: int | None = None
    operations: Collection[str] | None = None
    path: str = ""
    skip: int = 0
    times: int | None = None

    def strike(self, request: SeenRequest) -> bool:
        """Whether this request is affected."""
        if self.operations is not None and request.operation not in self.operations:
            return False
        if not request.path.startswith(self.path):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
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
    method: str = "GET"
    query: str = ""
    # Of a GraphQL request, the operation's name and its variables.
    operation: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)


class Gated(Protocol):
    """What stands behind the gate."""

    faults: Faults
    requests: list[SeenRequest]


# The answer to a request without the right key; None lets it pass.
Refusal = Callable[[Request, str], Response | None]


class Gate:
    """Lets requests pass to `inner` when neither the key nor a fault is in the way."""

    def __init__(self, server: Gated, refusal: Refusal, inner: ASGIApp) -> None:
        self._server = server
        self._refusal = refusal
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        body = await request.body()
        seen = SeenRequest(
            path,
            dict(request.headers),
            scope.get("client"),
            scope["method"],
            scope["query_string"].decode(),
            *_graphql(body),
        )
        self._server.requests.append(seen)
        receive = _replaying(body, receive)
        refused = self._refusal(request, path)
        if refused is not None:
            await refused(scope, receive, send)
            return
        faults = self._server.faults
        if not faults.strike(seen):
            await self._inner(scope, receive, send)
            return
        await asyncio.sleep(faults.slow_seconds)
        if faults.cut_after is not None:
            send = _cut(send, faults.cut_after)
        await (_answer(faults) or self._inner)(scope, receive, send)


def _graphql(body: bytes) -> tuple[str | None, dict[str, Any]]:
    """The operation's name and the variables, where the body is GraphQL's."""
    try:
        content = json.loads(body)
        found = _OPERATION.search(content["query"])
    except (ValueError, TypeError, KeyError):
        return None, {}
    return found and found[1], content.get("variables") or {}


def _replaying(body: bytes, receive: Receive) -> Receive:
    """`receive`, beginning with the body, which was read already."""
    parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return parts.pop() if parts else await receive()

    return again


def _answer(faults: Faults) -> ASGIApp | None:
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


def _cut(send: Send, after: int) -> Send:
    left = after

    async def some(message: Message) -> None:
        nonlocal left
        body = message.get("body", b"")
        if len(body) < left or message["type"] != "http.response.body":
            left -= len(body)
            await send(message)
            return
        await send({**message, "body": body[:left], "more_body": True})
        # As if the client had gone; the server closes the connection.
        raise OSError("cut on purpose")

    return some
