"""Every kind of picture is taken, and what is none is refused with a sentence that says why."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.api.conftest import encoded, names
from tests.support.sidecar import RunningSidecar

ROTATIONS = {3: 180, 6: 90, 8: 270}


@pytest.mark.parametrize("orientation", ROTATIONS)
def test_exif_orientation_is_honoured(sidecar: RunningSidecar, faces_dir: Path, orientation: int) -> None:
    with Image.open(faces_dir / "probe/obama.jpg") as picture:
        lying = picture.convert("RGB").rotate(ROTATIONS[orientation], expand=True)
    exif = Image.Exif()
    exif[0x0112] = orientation
    answer = sidecar.client.post(
        "/identify", json={"image_base64": encoded(lying, "JPEG", quality=92, exif=exif.tobytes())}
    )
    assert names(answer) == ["obama"]


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("CMYK", "JPEG"),
        ("L", "JPEG"),
        ("L", "PNG"),
        ("P", "PNG"),
        ("RGBA", "PNG"),
        ("LA", "PNG"),
        ("I;16", "PNG"),
        ("RGB", "WEBP"),
        ("RGBA", "WEBP"),
        ("RGB", "AVIF"),
        ("P", "GIF"),
    ],
)
def test_the_person_is_named_whatever_the_colour_mode_and_format(
    sidecar: RunningSidecar, faces_dir: Path, mode: str, kind: str
) -> None:
    with Image.open(faces_dir / "probe/obama.jpg") as photo:
        if mode == "I;16":
            grey = np.asarray(photo.convert("L")).astype(np.uint16) * 257
            picture = Image.fromarray(grey)
        else:
            picture = photo.convert("RGB").convert(mode)
    assert names(sidecar.client.post("/identify", json={"image_base64": encoded(picture, kind)})) == ["obama"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "image_base64"),
        ({"image_base64": "", "image_url": ""}, "image_base64"),
        ({"image_base64": "@@@not base64@@@"}, "base64"),
        ({"image_base64": base64.b64encode(b"%PDF-1.4 not an image").decode()}, "PDF"),
        ({"image_base64": base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 50).decode()}, "image"),
        ({"image_url": "ftp://127.0.0.1/x.jpg"}, "http"),
        ({"image_url": "http://127.0.0.1:1/x.jpg"}, "127.0.0.1"),
    ],
)
def test_a_bad_image_is_a_400_that_says_what_is_wrong(
    sidecar: RunningSidecar, body: dict[str, str], word: str
) -> None:
    answer = sidecar.client.post("/identify", json=body)
    assert answer.status_code == 400, answer.text
    detail = answer.json()["detail"]
    assert isinstance(detail, str)
    assert word in detail
    assert sidecar.client.get("/ready").status_code == 200


def test_an_enormous_image_is_refused_before_it_is_decoded(sidecar: RunningSidecar) -> None:
    answer = sidecar.client.post("/identify", json={"image_base64": encoded(Image.new("1", (30000, 30000)))})
    assert answer.status_code == 400
    detail = answer.json()["detail"]
    assert "30000x30000" in detail
    assert "MAX_IMAGE_PIXELS" in detail


def test_a_truncated_photo_is_a_400(sidecar: RunningSidecar, faces_dir: Path) -> None:
    half = (faces_dir / "probe/obama.jpg").read_bytes()[:20000]
    answer = sidecar.client.post("/identify", json={"image_base64": base64.b64encode(half).decode()})
    assert answer.status_code == 400


def test_a_body_larger_than_an_image_may_be_is_refused_without_being_read(
    sidecar: RunningSidecar,
) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(200):
            yield b" " * 1_000_000

    answer = sidecar.client.post("/identify", content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "MAX_IMAGE_BYTES" in answer.json()["detail"]
