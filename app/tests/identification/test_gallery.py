"""Galleries as a whole; what the contract's own tests do not say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.library.old_files import rows_of
from tests.support.films import FilmShelf
from tests.support.sidecar import RunningSidecar
from tests.support.stash_server import StashFile, StashGallery, StashPicture, StashScene, StashServer


def asked(sidecar: RunningSidecar, gallery_id: str) -> dict[str, Any]:
    answer = sidecar.client.post("/identify/gallery", json={"gallery_id": gallery_id}, timeout=300)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_each_image_that_could_be_read_is_remembered_with_its_gallery(
    sidecar: RunningSidecar, stash: StashServer, faces_dir: Path, remembered: Path
) -> None:
    stash.galleries["6"] = StashGallery("Two")
    two_people = (faces_dir / "probe/two_people.jpg").read_bytes()
    stash.images["601"] = StashPicture(two_people, 1126, 661, gallery_ids=("9", "6"))
    stash.images["602"] = StashPicture(b"broken", 10, 10, gallery_ids=("6",))
    strangers = (faces_dir / "probe/solvay_1927.jpg").read_bytes()
    stash.images["603"] = StashPicture(strangers, 1000, 700, gallery_ids=("6",))
    answer = asked(sidecar, "6")
    rows = rows_of(remembered)
    images = {r["stash_image_id"]: r for r in rows["image_fingerprints"] if r["gallery_id"] == "6"}
    assert images.keys() == {"601", "603"}
    assert sum(r["faces_detected"] for r in images.values()) == answer["faces_detected"]
    seen = {r["performer_id"] for r in rows["image_fingerprint_faces"] if r["stash_image_id"] == "601"}
    assert seen == {performer["performer_id"] for performer in answer["performers"]}
    assert not [r for r in rows["image_fingerprint_faces"] if r["stash_image_id"] == "603"]


def test_what_became_of_the_signals_is_told_of_galleries_and_scenes(
    sidecar: RunningSidecar, stash: StashServer, faces_dir: Path, films: FilmShelf
) -> None:
    stash.galleries["6"] = StashGallery("One")
    photo = faces_dir / "probe/two_people.jpg"
    stash.images["601"] = StashPicture(photo.read_bytes(), 1126, 661, gallery_ids=("6",))
    body, tattoo = asked(sidecar, "6")["signals"]
    assert (body["name"], tattoo["name"], tattoo["state"]) == ("body", "tattoo", "off")
    assert body["state"] != "off"

    film = films.film("two_people.mp4", [(photo, 1)])
    stash.scenes["1"] = StashScene(files=[StashFile.of("11", film)])
    scene = sidecar.client.post("/identify/scene", json={"scene_id": "1", "num_frames": 5}, timeout=180)
    assert [(signal["name"], signal["state"]) for signal in scene.json()["signals"]] == [
        ("body", "off"),
        ("tattoo", "off"),
    ]


def test_of_many_broken_images_ten_lines_tell(sidecar: RunningSidecar, stash: StashServer) -> None:
    stash.galleries["7"] = StashGallery("Broken")
    for number in range(25):
        stash.images[str(700 + number)] = StashPicture(b"broken", 10, 10, gallery_ids=("7",))
    answer = asked(sidecar, "7")
    assert (answer["total_images"], answer["images_processed"]) == (25, 0)
    assert len(answer["errors"]) == 10
    assert answer["errors"][-1] == "and 16 more errors"
