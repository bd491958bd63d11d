"""The contract's second table: pictures that are sent, that lie at an address, that are Stash's."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.contract.identification_shapes import FACES
from tests.contract.plugin import Plugin
from tests.contract.rows import shows
from tests.contract.shapes import check
from tests.contract.world import BROKEN, HOLIDAYS, IMAGE_BYTES, STRANGERS, TWO_PEOPLE, TWO_PEOPLE_SCENE
from tests.support.stash_server import StashServer
from tests.support.threaded_server import unused_address


def sent(photo: Path) -> str:
    return base64.b64encode(photo.read_bytes()).decode()


def names(answer: dict[str, Any]) -> list[str | None]:
    """The best match of each face, left to right; None for nobody."""
    check(answer, FACES)
    assert answer["face_count"] == len(answer["faces"])
    for face in answer["faces"]:
        for match in face["matches"]:
            assert match["confidence"] == pytest.approx(max(0, min(1, 1 - match["distance"])))
        distances = [match["distance"] for match in face["matches"]]
        assert distances == sorted(distances)
    faces = sorted(answer["faces"], key=lambda face: face["box"]["x"])
    return [face["matches"][0]["name"] if face["matches"] else None for face in faces]


@shows("POST /identify")
@pytest.mark.parametrize(
    "signals", [{}, {"use_multi_signal": False}, {"use_body": False, "use_tattoo": False}]
)
def test_a_picture_that_is_sent_is_answered_in_one_shape_whatever_signals_take_part(
    plugin: Plugin, faces_dir: Path, signals: dict[str, bool]
) -> None:
    photo = {"image_base64": sent(faces_dir / "probe/two_people.jpg"), **signals}
    assert names(plugin.post("/identify", photo)) == ["obama", "biden"]


@shows("POST /identify")
def test_a_picture_at_an_address_is_fetched(plugin: Plugin, stash: StashServer) -> None:
    address = {"image_url": f"{stash.url}/image/{TWO_PEOPLE}/image", "top_k": 1}
    assert names(plugin.post("/identify", address)) == ["obama", "biden"]


@shows("POST /identify")
def test_the_knobs_of_a_picture_work(plugin: Plugin, faces_dir: Path) -> None:
    photo = {"image_base64": sent(faces_dir / "probe/two_people.jpg")}
    all_of_them = plugin.post("/identify", {**photo, "top_k": 2, "max_distance": 2})
    assert [len(face["matches"]) for face in all_of_them["faces"]] == [2, 2]
    assert names(plugin.post("/identify", {**photo, "max_distance": 0})) == [None, None]
    assert names(plugin.post("/identify", {**photo, "min_face_confidence": 1})) == []


@shows("POST /identify")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"image_base64": base64.b64encode(b"no picture").decode()},
        {"image_url": f"{unused_address()}/gone.jpg"},
        {"image_base64": base64.b64encode(bytes(IMAGE_BYTES + 1)).decode()},
    ],
    ids=["neither", "undecodable", "unreachable", "too-large"],
)
def test_a_picture_that_cannot_be_had_is_a_400(plugin: Plugin, body: dict[str, str]) -> None:
    assert plugin.refusal("POST", "/identify", json=body).status == 400


@shows("POST /identify")
@pytest.mark.parametrize(
    "knob", [{"top_k": 0}, {"top_k": 21}, {"max_distance": 2.1}, {"min_face_confidence": -0.1}]
)
def test_a_knob_beyond_its_range_is_a_422_with_readable_messages(
    plugin: Plugin, knob: dict[str, float]
) -> None:
    error = plugin.refusal("POST", "/identify", json={"image_base64": "AAAA", **knob})
    assert error.status == 422
    check(error.detail, [{"loc": list, "msg": str, "type": str}])


@shows("POST /identify/url")
def test_an_address_in_the_query_is_fetched(plugin: Plugin, stash: StashServer) -> None:
    url = f"{stash.url}/image/{TWO_PEOPLE}/image"
    answer = plugin.post("/identify/url", url=url, top_k=2, max_distance=0.6)
    assert names(answer) == ["obama", "biden"]
    gone = {"url": f"{unused_address()}/gone.jpg"}
    assert plugin.refusal("POST", "/identify/url", params=gone).status == 400


@shows("POST /identify/image")
def test_an_image_of_stash_is_named_and_kept(plugin: Plugin) -> None:
    answer = plugin.post("/identify/image", {"image_id": TWO_PEOPLE, "top_k": 1, "max_distance": 0.6})
    assert names(answer) == ["obama", "biden"]
    assert answer["fingerprint_saved"] is True
    assert set(names(plugin.post("/identify/image", {"image_id": STRANGERS}))) == {None}


@shows("POST /identify/image")
@pytest.mark.parametrize(("image_id", "status"), [("4711", 404), (BROKEN, 400)])
def test_an_image_that_is_unknown_or_broken_is_told(plugin: Plugin, image_id: str, status: int) -> None:
    assert plugin.refusal("POST", "/identify/image", json={"image_id": image_id}).status == status


@shows("POST /identify/image", "POST /identify/gallery", "POST /identify/scene")
@pytest.mark.parametrize("kind", ["image", "gallery", "scene"])
def test_a_stash_that_fails_is_a_502_and_none_a_400(
    plugin: Plugin, without_stash: Plugin, stash: StashServer, kind: str
) -> None:
    path, body = f"/identify/{kind}", {f"{kind}_id": "7"}
    stash.faults.graphql_error = "the database is locked"
    refused = plugin.refusal("POST", path, json=body)
    assert refused.status == 502
    assert "the database is locked" in refused.detail
    stash.faults = type(stash.faults)(drop_connection=True)
    assert plugin.refusal("POST", path, json=body).status == 502
    missing = without_stash.refusal("POST", path, json=body)
    assert missing.status == 400
    assert "STASH_URL" in missing.detail


@shows("POST /identify", "POST /identify/image", "POST /identify/gallery", "POST /identify/scene")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {"image_base64": "AAAA"}),
        ("/image", {"image_id": TWO_PEOPLE}),
        ("/gallery", {"gallery_id": HOLIDAYS}),
        ("/scene", {"scene_id": TWO_PEOPLE_SCENE}),
    ],
)
def test_without_a_database_identification_is_a_503(
    without_database: Plugin, path: str, body: dict[str, str]
) -> None:
    assert without_database.refusal("POST", f"/identify{path}", json=body).status == 503
