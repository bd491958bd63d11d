"""Scenes as a whole: a real film on a real Stash, asked about over HTTP."""

from __future__ import annotations

import io
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.identification.conftest import KEY
from tests.library.old_files import rows_of
from tests.support.films import FilmShelf, cut
from tests.support.sidecar import RunningSidecar
from tests.support.stash_server import StashFile, StashScene, StashServer

HD = (1280, 720)


def scene_of(stash: StashServer, film: Path, cover: bytes | None = None, scene_id: str = "1") -> None:
    stash.scenes[scene_id] = StashScene(film.name, [StashFile.of(f"{scene_id}1", film)], cover=cover)


def asked(sidecar: RunningSidecar, scene_id: str = "1", **knobs: Any) -> dict[str, Any]:
    answer = sidecar.client.post("/identify/scene", json={"scene_id": scene_id, **knobs}, timeout=180)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def known(answer: dict[str, Any]) -> dict[str, int]:
    """Names of the persons with a match, and their frames."""
    return {p["best_match"]["name"]: p["frame_count"] for p in answer["persons"] if p["best_match"]}


@pytest.fixture(scope="module")
def three_people(films: FilmShelf, faces_dir: Path) -> Path:
    people = faces_dir / "people"
    shots = [
        (faces_dir / "probe/obama.jpg", 20),
        (None, 4),
        (people / "biden/2.jpg", 10),
        (people / "astronaut/astronaut.png", 6),
    ]
    return films.film("three_people.mp4", shots, size=HD, gop=10, fps=5)


@pytest.mark.parametrize("mode", ["frequency", "cluster", "hybrid"])
def test_three_people_of_a_film_are_named_with_their_frames(
    sidecar: RunningSidecar, stash: StashServer, three_people: Path, mode: str
) -> None:
    scene_of(stash, three_people)
    answer = asked(sidecar, num_frames=20, matching_mode=mode)
    assert answer["errors"] == []
    assert (answer["frames_analyzed"], answer["frames_requested"]) == (20, 20)
    # In the order of their shares of the film: 20, 10 and 6 of its 40 s.
    assert list(known(answer)) == ["obama", "biden", "astronaut"]
    assert known(answer)["obama"] >= 9
    assert answer["faces_after_filter"] == sum(known(answer).values())
    assert all(value >= 0 for value in answer["timing"].values())
    assert answer["timing"]["total_ms"] > 0


def test_the_frames_come_by_ranges_with_the_key_and_by_no_other_way(
    sidecar: RunningSidecar, stash: StashServer, three_people: Path
) -> None:
    scene_of(stash, three_people)
    asked(sidecar, num_frames=5, stash_url="http://127.0.0.1:1", api_key="somebody's own")
    seen = stash.seen("/scene/1/stream")
    assert {request.headers["apikey"] for request in seen} == {KEY}
    assert all(request.headers["range"] for request in seen)
    assert not any(KEY in command for command in command_lines())


def command_lines() -> list[str]:
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_text("utf-8", "replace"))
        except OSError:  # ended meanwhile
            continue
    return lines


def test_what_was_found_is_remembered_with_the_database_s_version(
    sidecar: RunningSidecar, stash: StashServer, three_people: Path, remembered: Path
) -> None:
    scene_of(stash, three_people, scene_id="71")
    answer = asked(sidecar, "71", num_frames=20)
    rows = rows_of(remembered)
    (fingerprint,) = [row for row in rows["scene_fingerprints"] if row["stash_scene_id"] == "71"]
    version = sidecar.client.get("/database/info").json()["version"]
    assert fingerprint["fingerprint_status"] == "complete"
    assert (fingerprint["total_faces"], fingerprint["frames_analyzed"], fingerprint["db_version"]) == (
        answer["faces_after_filter"],
        20,
        version,
    )
    faces = {
        row["performer_id"]: row
        for row in rows["scene_fingerprint_faces"]
        if row["fingerprint_id"] == fingerprint["id"]
    }
    assert faces.keys() == {p["best_match"]["stashdb_id"] for p in answer["persons"]}
    assert sum(row["proportion"] for row in faces.values()) == pytest.approx(1)
    for person in answer["persons"]:
        row = faces[person["best_match"]["stashdb_id"]]
        assert row["face_count"] == person["frame_count"]
        assert row["avg_confidence"] == pytest.approx(person["best_match"]["confidence"], abs=1e-6)


def test_what_was_remembered_stays_when_only_the_cover_can_be_had_later(
    sidecar: RunningSidecar, stash: StashServer, three_people: Path, faces_dir: Path, remembered: Path
) -> None:
    scene_of(stash, three_people, (faces_dir / "probe/obama.jpg").read_bytes(), scene_id="73")
    assert asked(sidecar, "73", num_frames=20)["fingerprint_saved"] is True
    before = rows_of(remembered)
    stash.faults.status, stash.faults.path = 404, "/scene/73/stream"
    answer = asked(sidecar, "73", num_frames=20)
    assert known(answer) == {"obama": 1}
    assert answer["fingerprint_saved"] is False
    assert "what was remembered before stays" in answer["fingerprint_error"]
    assert rows_of(remembered) == before


def test_of_a_scene_of_sound_alone_nothing_is_remembered(
    sidecar: RunningSidecar, stash: StashServer, films: FilmShelf, remembered: Path
) -> None:
    scene_of(stash, films.film("hum.m4a", [(None, 2)], codec=None), scene_id="72")
    answer = asked(sidecar, "72", num_frames=5)
    assert (answer["frames_analyzed"], answer["persons"]) == (0, [])
    assert ["only sound" in line for line in answer["errors"]] == [True]
    assert answer["fingerprint_saved"] is False
    assert not [r for r in rows_of(remembered)["scene_fingerprints"] if r["stash_scene_id"] == "72"]


def thumbnail(photo: Path, width: int) -> bytes:
    buffer = io.BytesIO()
    with Image.open(photo) as picture:
        small = picture.convert("RGB")
        # As wide as a film's picture is: the face is then a small part of it.
        canvas = Image.new("RGB", (small.height * 16 // 9, small.height))
        canvas.paste(small, (canvas.width // 3, 0))
        canvas.resize((width, width * 9 // 16)).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def test_the_cover_counts_as_one_more_frame_as_wide_as_the_film(
    sidecar: RunningSidecar, stash: StashServer, films: FilmShelf, faces_dir: Path
) -> None:
    black = films.film("black_hd.mp4", [(None, 2)], size=HD)
    cover = thumbnail(faces_dir / "probe/obama.jpg", 320)
    scene_of(stash, black, cover)
    answer = asked(sidecar, num_frames=5, min_face_size=100)
    assert answer["frames_analyzed"] == 6
    # In the thumbnail itself the face has some 40 pixels.
    assert known(answer) == {"obama": 1}


def test_a_cover_that_is_no_picture_is_passed_over_and_said(
    sidecar: RunningSidecar, stash: StashServer, films: FilmShelf
) -> None:
    scene_of(stash, films.film("black_hd.mp4", [(None, 2)], size=HD), b"GIF89 or so")
    answer = asked(sidecar, num_frames=5)
    assert answer["frames_analyzed"] == 5
    assert ["the cover is passed over" in line for line in answer["errors"]] == [True]


def test_the_first_part_of_a_film_that_breaks_off_is_looked_at(
    sidecar: RunningSidecar, stash: StashServer, three_people: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(three_people.read_bytes())
    stash.scenes["1"] = StashScene("Broken", [StashFile.of("11", three_people)])
    stash.scenes["1"].files[0].content = cut(broken, 0.4)
    answer = asked(sidecar, num_frames=20)
    assert known(answer).keys() == {"obama"}
    assert 4 <= answer["frames_analyzed"] < 20
    assert 1 <= len(answer["errors"]) <= 5


def test_a_server_without_ranges_is_no_obstacle(
    sidecar: RunningSidecar, stash: StashServer, three_people: Path
) -> None:
    scene_of(stash, three_people)
    stash.ranges = False
    assert known(asked(sidecar, num_frames=12)).keys() == {"obama", "biden", "astronaut"}


def test_faces_that_are_too_small_are_counted_and_passed_over(
    sidecar: RunningSidecar, stash: StashServer, films: FilmShelf, faces_dir: Path
) -> None:
    film = films.film("small.mp4", [(faces_dir / "probe/obama.jpg", 2)], size=(320, 180))
    scene_of(stash, film)
    answer = asked(sidecar, num_frames=5, min_face_size=150)
    assert answer["faces_detected"] == 5
    assert (answer["faces_after_filter"], answer["persons"]) == (0, [])


def test_strangers_are_persons_without_a_match_after_those_who_are_known(
    sidecar: RunningSidecar, stash: StashServer, films: FilmShelf, faces_dir: Path
) -> None:
    shots = [(faces_dir / "probe/solvay_1927.jpg", 1), (faces_dir / "people/obama/1.jpg", 2)]
    scene_of(stash, films.film("strangers.mp4", shots, size=HD, gop=5))
    answer = asked(sidecar, num_frames=5, min_face_size=20)
    matched = Counter(person["best_match"] is not None for person in answer["persons"])
    assert matched[True] == 1
    # Most of the 29; those whose faces are alike in so few pixels are taken for one.
    assert matched[False] >= 5
    assert answer["persons"][0]["best_match"]["name"] == "obama"
    assert all(person["all_matches"] == [] for person in answer["persons"][1:])


def test_health_is_answered_while_a_scene_is_being_identified(
    sidecar: RunningSidecar, stash: StashServer, three_people: Path
) -> None:
    scene_of(stash, three_people)
    # Held up once, so that the scene is surely at work when the others are answered.
    stash.faults.path, stash.faults.slow_seconds, stash.faults.times = "/scene/1/stream", 2, 1
    with ThreadPoolExecutor() as threads:
        scene = threads.submit(asked, sidecar, num_frames=20)
        while not stash.seen("/scene/1/stream"):
            time.sleep(0.01)
        assert sidecar.client.get("/health").json()["status"] == "healthy"
        assert not scene.done()
        while not scene.done():
            assert sidecar.client.get("/health").status_code == 200
        assert len(known(scene.result())) == 3


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ({"status": 500, "path": "/scene/"}, 502, "500"),
        ({"redirect_to": "/login?returnURL=/", "path": "/scene/1/stream"}, 502, "STASH_API_KEY"),
        ({"status": 500, "path": "/graphql"}, 502, "500"),
    ],
)
def test_a_stash_that_fails_is_a_502_with_the_reason(
    sidecar: RunningSidecar,
    stash: StashServer,
    three_people: Path,
    fault: dict[str, Any],
    status: int,
    said: str,
) -> None:
    scene_of(stash, three_people)
    stash.faults = type(stash.faults)(**fault)
    answer = sidecar.client.post("/identify/scene", json={"scene_id": "1", "num_frames": 5})
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
