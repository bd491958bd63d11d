"""A request body has a limit, whether it says its length or not."""

from __future__ import annotations

from fastapi import HTTPException, status
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware: 400 for a body of more than ``max_bytes``, without reading the rest of it.

    400 and not 413, because that is what the contract says of an image that is too large.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._detail = (
            f"the request is larger than {max_bytes} bytes, the most that is accepted; "
            "send a smaller image or raise MAX_IMAGE_BYTES"
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._max_bytes:
            refusal = JSONResponse({"detail": self._detail}, status.HTTP_400_BAD_REQUEST)
            await refusal(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._max_bytes:
                # FastAPI hands an HTTPException on while it reads a body; of any other it makes its own 400.
                raise HTTPException(status.HTTP_400_BAD_REQUEST, self._detail)
            return message

        await self._app(scope, counted, send)
