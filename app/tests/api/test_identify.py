"""The promises of ``POST /identify``, kept by a real sidecar with real models and a real database."""

from __future__ import annotations

import base64
import io
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.api.conftest import base64_of, names
from tests.support.sidecar import RunningSidecar

MATCH_FIELDS = {
    "stashdb_id": str,
    "name": str,
    "confidence": float,
    "distance": float,
    "facenet_distance": float,
    "arcface_distance": float,
    "country": (str, type(None)),
    "image_url": (str, type(None)),
    "already_tagged": bool,
}
BOX_FIELDS = {"x": int, "y": int, "width": int, "height": int, "confidence": float}


def identify(sidecar: RunningSidecar, photo: Path, **knobs: object) -> httpx.Response:
    return sidecar.client.post("/identify", json={"image_base64": base64_of(photo), **knobs})


def test_a_photo_of_one_person_names_that_person(sidecar: RunningSidecar, faces_dir: Path) -> None:
    assert names(identify(sidecar, faces_dir / "probe/obama.jpg")) == ["obama"]


def test_each_of_two_people_is_named_by_the_face_that_is_theirs(
    sidecar: RunningSidecar, faces_dir: Path
) -> None:
    assert names(identify(sidecar, faces_dir / "probe/two_people.jpg")) == ["obama", "biden"]


def test_29_strangers_are_found_and_none_is_named(sidecar: RunningSidecar, faces_dir: Path) -> None:
    assert names(identify(sidecar, faces_dir / "probe/solvay_1927.jpg")) == [None] * 29


def test_every_field_has_the_promised_name_and_type(sidecar: RunningSidecar, faces_dir: Path) -> None:
    answer = identify(sidecar, faces_dir / "probe/two_people.jpg", max_distance=2, top_k=3).json()
    assert answer["face_count"] == len(answer["faces"]) == 2
    for face in answer["faces"]:
        assert {key: type(value) for key, value in face["box"].items()} == BOX_FIELDS
        assert len(face["matches"]) == 3
        distances = [match["distance"] for match in face["matches"]]
        assert distances == sorted(distances)
        for match in face["matches"]:
            assert match.keys() == MATCH_FIELDS.keys()
            assert all(isinstance(match[key], kind) for key, kind in MATCH_FIELDS.items())
            assert match["confidence"] == pytest.approx(min(1, max(0, 1 - match["distance"])))
            assert match["already_tagged"] is False


def test_a_performer_is_listed_once_though_the_database_has_several_photos(
    sidecar: RunningSidecar, faces_dir: Path
) -> None:
    matches = identify(sidecar, faces_dir / "probe/obama.jpg", max_distance=2, top_k=20).json()["faces"][0]
    listed = [match["name"] for match in matches["matches"]]
    assert sorted(listed) == ["astronaut", "biden", "obama"]


def test_the_knobs_limit_matches_and_faces(sidecar: RunningSidecar, faces_dir: Path) -> None:
    photo = faces_dir / "probe/obama.jpg"
    assert len(identify(sidecar, photo, max_distance=2, top_k=1).json()["faces"][0]["matches"]) == 1
    assert names(identify(sidecar, photo, max_distance=0)) == [None]
    assert identify(sidecar, photo, min_face_confidence=1.0).json() == {"faces": [], "face_count": 0}


def test_a_picture_without_a_face_is_a_normal_empty_answer(sidecar: RunningSidecar) -> None:
    answer = sidecar.client.post("/identify", json={"image_base64": encoded(Image.new("RGB", (300, 200)))})
    assert answer.status_code == 200
    assert answer.json() == {"faces": [], "face_count": 0}


def test_a_box_stays_inside_the_picture(sidecar: RunningSidecar, faces_dir: Path) -> None:
    # The face touches the left border of this photo.
    photo = faces_dir / "people/obama/partial1.jpg"
    with Image.open(photo) as picture:
        cut = picture.crop((60, 150, picture.width, 380)).convert("RGB")
    faces = sidecar.client.post("/identify", json={"image_base64": encoded(cut)}).json()["faces"]
    assert faces
    for box in (face["box"] for face in faces):
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= cut.width
        assert box["y"] + box["height"] <= cut.height


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return base64.b64encode(buffer.getvalue()).decode()


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


@pytest.mark.parametrize(
    "body",
    [
        {"top_k": 0},
        {"top_k": 21},
        {"max_distance": -0.1},
        {"max_distance": 2.1},
        {"min_face_confidence": 1.1},
        {"top_k": "many"},
    ],
)
def test_a_knob_out_of_range_is_a_422_that_does_not_repeat_the_image(
    sidecar: RunningSidecar, body: dict[str, object]
) -> None:
    answer = sidecar.client.post("/identify", json={"image_base64": "A" * 5000, **body})
    assert answer.status_code == 422
    detail = answer.json()["detail"]
    assert next(iter(body)) in str(detail)
    assert len(answer.text) < 1000


def test_the_other_signals_do_not_change_the_shape(sidecar: RunningSidecar, faces_dir: Path) -> None:
    photo = faces_dir / "probe/obama.jpg"
    answers = [
        identify(sidecar, photo, use_multi_signal=value, use_body=value, use_tattoo=value).json()
        for value in (True, False)
    ]
    assert answers[0].keys() >= {"faces", "face_count"}
    assert answers[0]["faces"][0].keys() == answers[1]["faces"][0].keys()


def test_health_answers_within_milliseconds_while_crowds_are_identified(
    sidecar: RunningSidecar, faces_dir: Path
) -> None:
    stop = threading.Event()
    body = {"image_base64": base64_of(faces_dir / "probe/solvay_1927.jpg")}
    url = sidecar.client.base_url

    def crowd() -> None:
        with httpx.Client(base_url=url, timeout=60) as client:
            while not stop.is_set():
                client.post("/identify", json=body)

    threads = [threading.Thread(target=crowd) for _ in range(4)]
    for thread in threads:
        thread.start()
    answered = 0
    try:
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            # Far above what it takes, and far below what a blocked event loop would: no figure is asserted.
            assert sidecar.client.get("/health", timeout=2).json()["status"] == "healthy"
            answered += 1
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert answered > 20


class _Photos(BaseHTTPRequestHandler):
    photo: bytes = b""

    def do_GET(self) -> None:
        if self.path.startswith("/loop"):
            self.send_response(302)
            self.send_header("Location", "/loop" + ("2" if self.path == "/loop" else ""))
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.photo)))
        self.end_headers()
        self.wfile.write(self.photo)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def photo_server(faces_dir: Path) -> str:
    handler = type("Handler", (_Photos,), {"photo": (faces_dir / "probe/obama.jpg").read_bytes()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_photo_is_fetched_from_its_address(sidecar: RunningSidecar, photo_server: str) -> None:
    url = f"{photo_server}/photo.jpg?apikey=not-for-the-log"
    assert names(sidecar.client.post("/identify", json={"image_url": url})) == ["obama"]
    assert names(sidecar.client.post("/identify/url", params={"url": url, "top_k": 1})) == ["obama"]
    assert "not-for-the-log" not in sidecar.log()


def test_a_redirect_loop_is_a_400(sidecar: RunningSidecar, photo_server: str) -> None:
    answer = sidecar.client.post("/identify/url", params={"url": f"{photo_server}/loop"})
    assert answer.status_code == 400
    assert "redirect" in answer.json()["detail"]


def test_an_image_of_stash_without_a_configured_stash_is_a_400(sidecar: RunningSidecar) -> None:
    answer = sidecar.client.post("/identify/image", json={"image_id": "1"})
    assert answer.status_code == 400
    assert "STASH_URL" in answer.json()["detail"]


def test_a_body_larger_than_an_image_may_be_is_refused_without_being_read(
    sidecar: RunningSidecar,
) -> None:
    def endless() -> object:
        for _ in range(200):
            yield b" " * 1_000_000

    answer = sidecar.client.post("/identify", content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "MAX_IMAGE_BYTES" in answer.json()["detail"]
