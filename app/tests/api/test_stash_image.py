"""``POST /identify/image`` against a real GraphQL server that checks its key, and what is kept of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import base64_of, names
from tests.library.old_files import rows_of, write_old_file
from tests.support.sidecar import RunningSidecar, running_sidecar
from tests.support.stash_server import StashPicture, StashServer, stash_running

API_KEY = "sk-7d4e-not-for-anybody"


@pytest.fixture(scope="module")
def stash(faces_dir: Path) -> Iterator[StashServer]:
    with stash_running(api_key=API_KEY) as server:
        two_people = (faces_dir / "probe/two_people.jpg").read_bytes()
        server.images["7"] = StashPicture(two_people, 1126, 661, gallery_ids=("31", "32"))
        server.images["8"] = StashPicture(b"this is not a picture", 10, 10)
        strangers = (faces_dir / "probe/solvay_1927.jpg").read_bytes()
        server.images["9"] = StashPicture(strangers, 1000, 700)
        yield server


@pytest.fixture(scope="module")
def stash_variables(stash: StashServer, base_variables: dict[str, str]) -> dict[str, str]:
    return {
        **base_variables,
        "STASH_URL": f"{stash.url}/graphql",
        "STASH_API_KEY": API_KEY,
        "STASH_RATE_LIMIT": "100",
    }


def copied(people_database: Path, folder: Path) -> Path:
    """A data folder of its own with the people's database, and no database of the sidecar's yet."""
    return shutil.copytree(people_database, folder, ignore=shutil.ignore_patterns(".*", "stash_sense.db*"))


@pytest.fixture(scope="module")
def data_dir(people_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(people_database, tmp_path_factory.mktemp("stash") / "data")


@pytest.fixture(scope="module")
def with_stash(
    stash_variables: dict[str, str], data_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSidecar]:
    variables = {**stash_variables, "DATA_DIR": str(data_dir)}
    with running_sidecar(variables, tmp_path_factory.mktemp("log") / "log") as running:
        yield running
        assert API_KEY not in running.log()


@pytest.fixture(autouse=True)
def _without_faults(stash: StashServer) -> Iterator[None]:
    yield
    stash.faults = type(stash.faults)()


def test_the_people_of_stash_s_image_are_named(with_stash: RunningSidecar) -> None:
    answer = with_stash.client.post("/identify/image", json={"image_id": "7", "top_k": 2})
    assert names(answer) == ["obama", "biden"]


def test_an_image_that_stash_does_not_have_is_a_404(with_stash: RunningSidecar) -> None:
    answer = with_stash.client.post("/identify/image", json={"image_id": "99"})
    assert answer.status_code == 404
    assert "99" in answer.json()["detail"]


def test_an_image_that_cannot_be_decoded_is_a_400(with_stash: RunningSidecar) -> None:
    assert with_stash.client.post("/identify/image", json={"image_id": "8"}).status_code == 400


def test_an_id_that_is_not_digits_is_a_422(with_stash: RunningSidecar) -> None:
    assert with_stash.client.post("/identify/image", json={"image_id": "7; drop"}).status_code == 422


def test_a_stash_that_answers_with_errors_is_a_502_that_says_so(
    with_stash: RunningSidecar, stash: StashServer
) -> None:
    stash.faults.graphql_error = "the database is locked"
    answer = with_stash.client.post("/identify/image", json={"image_id": "7"})
    assert answer.status_code == 502
    assert "the database is locked" in answer.json()["detail"]
    assert API_KEY not in answer.text


def test_a_stash_that_fails_for_a_moment_is_asked_again(
    with_stash: RunningSidecar, stash: StashServer
) -> None:
    stash.faults.status = 503
    stash.faults.times = 1
    assert names(with_stash.client.post("/identify/image", json={"image_id": "7"})) == ["obama", "biden"]


def test_the_rate_limiter_counts_the_calls(with_stash: RunningSidecar) -> None:
    before = with_stash.client.get("/health/rate-limiter").json()["total_requests"]
    with_stash.client.post("/identify/image", json={"image_id": "7"})
    assert with_stash.client.get("/health/rate-limiter").json()["total_requests"] > before


def fingerprint_of(data_dir: Path, image_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The image's only row, and its faces, as they lie in the file."""
    rows = rows_of(data_dir / "stash_sense.db")
    (image,) = (row for row in rows["image_fingerprints"] if row["stash_image_id"] == image_id)
    return image, [row for row in rows["image_fingerprint_faces"] if row["stash_image_id"] == image_id]


def test_who_was_named_is_in_the_file_when_the_answer_comes(
    with_stash: RunningSidecar, data_dir: Path
) -> None:
    for _ in range(2):
        answer = with_stash.client.post("/identify/image", json={"image_id": "7"}).json()
        assert (answer["fingerprint_saved"], answer["fingerprint_error"]) == (True, None)
    image, faces = fingerprint_of(data_dir, "7")
    assert image["faces_detected"] == answer["face_count"] == 2
    assert image["gallery_id"] == "31"
    assert image["db_version"] == with_stash.client.get("/database/info").json()["version"]
    stored = {face["performer_id"]: face for face in faces}
    assert len(stored) == len(faces) == 2
    for face in answer["faces"]:
        best, box = face["matches"][0], face["box"]
        row = stored[best["stashdb_id"]]
        assert (row["distance"], row["confidence"]) == (best["distance"], best["confidence"])
        place = (row["bbox_x"] * 1126, row["bbox_y"] * 661, row["bbox_w"] * 1126, row["bbox_h"] * 661)
        assert place == pytest.approx((box["x"], box["y"], box["width"], box["height"]), abs=1.01)


def test_a_picture_of_strangers_is_kept_as_analysed_and_empty(
    with_stash: RunningSidecar, data_dir: Path
) -> None:
    answer = with_stash.client.post("/identify/image", json={"image_id": "9"}).json()
    assert answer["fingerprint_saved"] is True
    image, faces = fingerprint_of(data_dir, "9")
    assert image["faces_detected"] == answer["face_count"] == 29
    assert image["gallery_id"] is None
    assert faces == []


def test_a_picture_that_could_not_be_analysed_and_one_that_is_not_stash_s_leave_no_trace(
    with_stash: RunningSidecar, data_dir: Path, faces_dir: Path
) -> None:
    before = rows_of(data_dir / "stash_sense.db")
    assert with_stash.client.post("/identify/image", json={"image_id": "8"}).status_code == 400
    sent = with_stash.client.post(
        "/identify", json={"image_base64": base64_of(faces_dir / "probe/obama.jpg")}
    )
    assert "fingerprint_saved" not in sent.json()
    assert rows_of(data_dir / "stash_sense.db") == before


def test_with_a_damaged_file_the_people_are_named_and_the_answer_says_what_to_do(
    stash_variables: dict[str, str], people_database: Path, tmp_path: Path
) -> None:
    data_dir = copied(people_database, tmp_path / "data")
    damaged = data_dir / "stash_sense.db"
    damaged.write_bytes(b"not a database" * 1000)
    variables = {**stash_variables, "DATA_DIR": str(data_dir)}
    with running_sidecar(variables, tmp_path / "log") as sidecar:
        assert sidecar.client.get("/ready").status_code == 200
        for _ in range(2):
            answer = sidecar.client.post("/identify/image", json={"image_id": "7"})
            assert names(answer) == ["obama", "biden"]
            assert answer.json()["fingerprint_saved"] is False
        problem = answer.json()["fingerprint_error"]
        assert f"{damaged}: file is not a database" in problem
        assert "put a backup in its place" in problem
        assert sidecar.log().count(f"identification goes on: {problem}") == 1
        assert sidecar.log().count(f"waits for the database: {problem}") == 1
        assert "Traceback" not in sidecar.log()
    assert damaged.read_bytes() == b"not a database" * 1000


def test_a_user_s_file_of_an_earlier_schema_is_brought_along_at_the_start(
    stash_variables: dict[str, str], people_database: Path, tmp_path: Path
) -> None:
    data_dir = copied(people_database, tmp_path / "data")
    before = rows_of(write_old_file(data_dir / "stash_sense.db", 5))
    with running_sidecar({**stash_variables, "DATA_DIR": str(data_dir)}, tmp_path / "log") as sidecar:
        answer = sidecar.client.post("/identify/image", json={"image_id": "7"}).json()
        assert answer["fingerprint_saved"] is True
    after = rows_of(data_dir / "stash_sense.db")
    assert {table: after[table] for table in before} == before
    assert fingerprint_of(data_dir, "7")[0]["faces_detected"] == 2
    assert not list(data_dir.glob("stash_sense.db-*"))
