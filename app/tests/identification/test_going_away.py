"""A client that goes away, and FFmpeg that is not there."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from tests.identification.test_scene import asked, known, scene_of
from tests.support.films import FilmShelf
from tests.support.sidecar import RunningSidecar, running_sidecar
from tests.support.stash_server import StashGallery, StashPicture, StashServer

PATIENCE = 30


@pytest.fixture(scope="module")
def film(films: FilmShelf, faces_dir: Path) -> Path:
    return films.film("short.mp4", [(faces_dir / "probe/obama.jpg", 6)], size=(640, 360), gop=10)


def wait_for(sidecar: RunningSidecar, line: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while line not in sidecar.log():
        assert time.monotonic() < deadline, sidecar.log()[-2000:]
        time.sleep(0.1)


def test_a_client_that_goes_away_from_a_scene_leaves_its_turn_to_the_next(
    sidecar: RunningSidecar, stash: StashServer, film: Path
) -> None:
    scene_of(stash, film, scene_id="81")
    # Far longer than anybody here waits: whoever comes next has to get the turn before that.
    stash.faults.path, stash.faults.slow_seconds = "/scene/81/stream", 600
    with pytest.raises(httpx.ReadTimeout):
        sidecar.client.post("/identify/scene", json={"scene_id": "81"}, timeout=2)
    wait_for(sidecar, "/identify/scene: the client is gone")
    stash.faults = type(stash.faults)()
    scene_of(stash, film, scene_id="82")
    assert known(asked(sidecar, "82", num_frames=5)) == {"obama": 5}
    assert "identified: scene 81" not in sidecar.log()
    assert "Traceback" not in sidecar.log()


def test_a_client_that_goes_away_from_a_gallery_ends_its_downloads(
    sidecar: RunningSidecar, stash: StashServer, film: Path, faces_dir: Path
) -> None:
    stash.galleries["5"] = StashGallery("Many")
    photo = (faces_dir / "probe/obama.jpg").read_bytes()
    for number in range(60):
        stash.images[str(500 + number)] = StashPicture(photo, 427, 600, gallery_ids=("5",))
    stash.faults.path, stash.faults.slow_seconds = "/image/", 1
    with pytest.raises(httpx.ReadTimeout):
        sidecar.client.post("/identify/gallery", json={"gallery_id": "5"}, timeout=2)
    wait_for(sidecar, "/identify/gallery: the client is gone")
    fetched = len([request for request in stash.requests if request.path.startswith("/image/")])
    assert fetched < 60
    stash.faults = type(stash.faults)()
    scene_of(stash, film, scene_id="83")
    assert known(asked(sidecar, "83", num_frames=5)) == {"obama": 5}
    assert fetched == len([request for request in stash.requests if request.path.startswith("/image/")])


def test_without_ffmpeg_s_libraries_pictures_work_and_scenes_are_a_503(
    variables: dict[str, str], stash: StashServer, film: Path, tmp_path: Path
) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "av.py").write_text("raise ImportError('libavcodec.so.62: cannot open shared object file')\n")
    path = f"{hidden}:{Path(__file__).parents[2]}"
    scene_of(stash, film)
    with running_sidecar({**variables, "PYTHONPATH": path}, tmp_path / "log") as sidecar:
        health = sidecar.client.get("/health/ffmpeg").json()
        assert health == {"ffmpeg_available": False, "v2_endpoint_ready": False}
        answer = sidecar.client.post("/identify/scene", json={"scene_id": "1"})
        assert answer.status_code == 503
        assert "libavcodec.so.62" in answer.json()["detail"]
        assert sidecar.client.get("/ready").status_code == 200
