"""Each failure's status code, with a sentence in ``detail`` that the plugin shows as it is."""

from __future__ import annotations

import logging
import uuid

from fastapi import FastAPI, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from stash_sense.actions.errors import ActionRefused
from stash_sense.http.disconnect import ClientGoneError
from stash_sense.inference.manifest import ModelError
from stash_sense.library.errors import StoreError
from stash_sense.media.decode import ImageError
from stash_sense.media.fetch import FetchError
from stash_sense.media.video.errors import FfmpegMissingError
from stash_sense.service import NotReadyError
from stash_sense.stash.client import StashNotConfigured, StashNotFound, StashUnavailable

logger = logging.getLogger(__name__)

_STATUS: dict[type[Exception], int] = {
    ActionRefused: status.HTTP_400_BAD_REQUEST,
    ImageError: status.HTTP_400_BAD_REQUEST,
    FetchError: status.HTTP_400_BAD_REQUEST,
    StashNotConfigured: status.HTTP_400_BAD_REQUEST,
    StashNotFound: status.HTTP_404_NOT_FOUND,
    StashUnavailable: status.HTTP_502_BAD_GATEWAY,
    NotReadyError: status.HTTP_503_SERVICE_UNAVAILABLE,
    FfmpegMissingError: status.HTTP_503_SERVICE_UNAVAILABLE,
    ClientGoneError: 499,
    StoreError: status.HTTP_503_SERVICE_UNAVAILABLE,
    ModelError: status.HTTP_500_INTERNAL_SERVER_ERROR,
}
# What a validation problem may say back; the input itself may be megabytes long, or a secret.
_SHOWN = ("loc", "msg", "type")


def map_errors(app: FastAPI) -> None:
    """Register the handlers."""

    async def known(request: Request, error: Exception) -> JSONResponse:
        code = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
        logger.info("%s %s: %d %s", request.method, request.url.path, code, error)
        return _problem(code, str(error))

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        problems = error.errors() if isinstance(error, RequestValidationError) else ()
        detail = [{key: problem[key] for key in _SHOWN} for problem in problems]
        return JSONResponse({"detail": detail}, status.HTTP_422_UNPROCESSABLE_CONTENT)

    async def unknown(request: Request, error: Exception) -> JSONResponse:
        number = uuid.uuid4().hex[:8]
        logger.error("%s %s failed (%s)", request.method, request.url.path, number, exc_info=error)
        return _problem(
            status.HTTP_500_INTERNAL_SERVER_ERROR, f"internal error {number}; the sidecar's log says more"
        )

    for kind in _STATUS:
        app.add_exception_handler(kind, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, unknown)


def _problem(code: int, detail: str) -> JSONResponse:
    return JSONResponse({"detail": detail}, code)
