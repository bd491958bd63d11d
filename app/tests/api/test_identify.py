"""The promises of ``POST /identify``, kept by a real sidecar with real models and a real database."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.api.conftest import base64_of, encoded, names
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
            assert match.keys() >= MATCH_FIELDS.keys()
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
    nobody = identify(sidecar, photo, min_face_confidence=1.0).json()
    assert (nobody["faces"], nobody["face_count"]) == ([], 0)


def test_a_picture_without_a_face_is_a_normal_empty_answer(sidecar: RunningSidecar) -> None:
    answer = sidecar.client.post("/identify", json={"image_base64": encoded(Image.new("RGB", (300, 200)))})
    assert answer.status_code == 200
    assert (answer.json()["faces"], answer.json()["face_count"]) == ([], 0)


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


def test_an_image_of_stash_without_a_configured_stash_is_a_400(sidecar: RunningSidecar) -> None:
    answer = sidecar.client.post("/identify/image", json={"image_id": "1"})
    assert answer.status_code == 400
    assert "STASH_URL" in answer.json()["detail"]
