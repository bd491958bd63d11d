from __future__ import annotations

import re

import pytest

from tests.support.sidecar import RunningSidecar


def test_the_documentation_page_needs_nothing_from_outside(sidecar: RunningSidecar) -> None:
    page = sidecar.client.get("/docs")
    assert page.status_code == 200
    assert re.findall(r"(?:src|href)=\"https?://", page.text) == []
    for path in re.findall(r"(?:src|href)=\"(/[^\"]+)\"", page.text):
        assert sidecar.client.get(path).status_code == 200


def test_every_example_of_a_picture_works_as_it_stands(sidecar: RunningSidecar) -> None:
    schema = sidecar.client.get("/openapi.json").json()
    content = schema["paths"]["/identify"]["post"]["requestBody"]["content"]["application/json"]
    port = sidecar.client.base_url.port
    for example in content["examples"].values():
        body = dict(example["value"])
        if "image_url" in body:
            # The example's port is the container's.
            body["image_url"] = body["image_url"].replace(":5000", f":{port}")
        answer = sidecar.client.post("/identify", json=body)
        assert answer.status_code == 200
        assert answer.json()["face_count"] == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/health"),
        ("get", "/ready"),
        ("get", "/health/ffmpeg"),
        ("get", "/database/info"),
        ("post", "/identify"),
        ("post", "/identify/url"),
        ("post", "/identify/image"),
    ],
)
def test_every_endpoint_is_documented(sidecar: RunningSidecar, method: str, path: str) -> None:
    paths = sidecar.client.get("/openapi.json").json()["paths"]
    assert paths[path][method].get("description")
