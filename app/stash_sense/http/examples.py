"""The examples of the API's documentation; each works as it stands on a running sidecar."""

from __future__ import annotations

import base64
from typing import Final

import cv2
import numpy as np
from fastapi import APIRouter, Response
from fastapi.openapi.models import Example

from stash_sense.recognition.golden import portrait

PORTRAIT_PATH: Final = "/docs/portrait.jpg"
# As seen from inside: the sidecar fetches it from itself.
PORTRAIT_URL: Final = f"http://127.0.0.1:5000{PORTRAIT_PATH}"


def portrait_jpeg() -> bytes:
    """The golden query's drawn portrait, as a small JPEG."""
    bgr = np.ascontiguousarray(portrait()[:, :, ::-1])
    ok, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 70])
    if not ok:
        raise RuntimeError("OpenCV cannot write JPEG; the installation is damaged")
    return data.tobytes()


_PORTRAIT_JPEG: Final = portrait_jpeg()
IDENTIFY_EXAMPLES: Final[dict[str, Example]] = {
    "base64": {
        "summary": "A picture as base64",
        "value": {"image_base64": base64.b64encode(_PORTRAIT_JPEG).decode(), "top_k": 3},
    },
    "address": {"summary": "A picture by its address", "value": {"image_url": PORTRAIT_URL}},
}
STASH_IMAGE_EXAMPLES: Final[dict[str, Example]] = {
    "image": {"summary": "Stash's image number 1", "value": {"image_id": "1"}}
}
STASH_GALLERY_EXAMPLES: Final[dict[str, Example]] = {
    "gallery": {"summary": "Stash's gallery number 1", "value": {"gallery_id": "1"}}
}
STASH_SCENE_EXAMPLES: Final[dict[str, Example]] = {
    "scene": {"summary": "Stash's scene number 1", "value": {"scene_id": "1"}},
    "quick": {"summary": "Few frames", "value": {"scene_id": "1", "num_frames": 10}},
}


def examples_router() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get(PORTRAIT_PATH)
    async def example_portrait() -> Response:
        return Response(_PORTRAIT_JPEG, media_type="image/jpeg")

    return router
