"""A sidecar that lacks something stays up, says what, and goes on when it comes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.conftest import base64_of, names
from tests.support.sidecar import RunningSidecar, environment, running_sidecar

WAIT_SECONDS = 20


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about")


@pytest.fixture
def data_dir(people_database: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own with the people's database as a release, not yet current."""
    folder = tmp_path / "data"
    shutil.copytree(people_database, folder / "releases/one", ignore=shutil.ignore_patterns(".*"))
    return folder


def point_current_at(data_dir: Path, release: str) -> None:
    new = data_dir / "current.new"
    new.symlink_to(f"releases/{release}")
    new.replace(data_dir / "current")


def test_without_a_database_it_is_degraded_and_takes_one_up_on_hangup(
    base_variables: dict[str, str], data_dir: Path, faces_dir: Path, tmp_path: Path
) -> None:
    variables = {**base_variables, "DATA_DIR": str(data_dir)}
    photo = {"image_base64": base64_of(faces_dir / "probe/obama.jpg")}
    with running_sidecar(variables, tmp_path / "log") as sidecar:
        assert sidecar.client.get("/health").json() == {
            "status": "degraded",
            "database_loaded": False,
            "performer_count": 0,
            "face_count": 0,
        }
        assert sidecar.client.get("/ready").status_code == 503
        assert sidecar.client.get("/database/info").status_code == 503
        refused = sidecar.client.post("/identify", json=photo)
        assert refused.status_code == 503
        assert "faces.json" in refused.json()["detail"]

        point_current_at(data_dir, "one")
        sidecar.hang_up()
        wait_for(lambda: sidecar.client.get("/ready").status_code == 200)
        assert names(sidecar.client.post("/identify", json=photo)) == ["obama"]


def test_a_damaged_newer_database_is_refused_and_the_old_one_goes_on(
    base_variables: dict[str, str], data_dir: Path, faces_dir: Path, tmp_path: Path
) -> None:
    point_current_at(data_dir, "one")
    damaged = shutil.copytree(data_dir / "releases/one", data_dir / "releases/two")
    index = damaged / "face_arcface.voy"
    index.write_bytes(index.read_bytes()[:-100])
    variables = {**base_variables, "DATA_DIR": str(data_dir)}
    with running_sidecar(variables, tmp_path / "log") as sidecar:
        point_current_at(data_dir, "two")
        sidecar.hang_up()
        wait_for(lambda: "refused" in sidecar.check("database")["reason"])
        assert "face_arcface.voy" in sidecar.check("database")["reason"]
        ready = sidecar.client.get("/ready")
        assert ready.status_code == 200
        assert ready.json()["database"]["path"].endswith("releases/one")
        body = {"image_base64": base64_of(faces_dir / "probe/obama.jpg")}
        assert names(sidecar.client.post("/identify", json=body)) == ["obama"]
        assert "Traceback" not in sidecar.log()


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("face_facenet.voy", lambda path: path.unlink()),
        ("faces.json", lambda path: path.write_text(path.read_text()[:-20])),
        ("performers.json", lambda path: path.write_text(json.dumps({}))),
        ("manifest.json", lambda path: path.write_text("{")),
    ],
)
def test_a_damaged_file_is_named_in_the_answer_and_in_the_log(
    base_variables: dict[str, str],
    data_dir: Path,
    tmp_path: Path,
    file: str,
    damage: Callable[[Path], object],
) -> None:
    damage(data_dir / "releases/one" / file)
    point_current_at(data_dir, "one")
    # A folder without models: the database is judged all the same, and quickly.
    variables = {**base_variables, "MODELS_DIR": str(tmp_path), "DATA_DIR": str(data_dir)}
    with running_sidecar(variables, tmp_path / "log") as sidecar:
        check = sidecar.check("database")
        assert check["state"] == "failed"
        assert file in check["reason"]
        assert file in sidecar.log()
        assert sidecar.client.get("/health").json()["status"] == "degraded"
        assert "Traceback" not in sidecar.log()


def test_without_models_the_reason_is_told_and_identify_answers_503(
    base_variables: dict[str, str], people_database: Path, tmp_path: Path
) -> None:
    variables = {**base_variables, "MODELS_DIR": str(tmp_path), "DATA_DIR": str(people_database)}
    with running_sidecar(variables, tmp_path / "log") as sidecar:
        assert sidecar.client.get("/ready").status_code == 503
        assert "facenet512.onnx is missing" in sidecar.check("models")["reason"]
        answer = sidecar.client.post("/identify", json={"image_base64": "AAAA"})
        assert answer.status_code == 503
        assert "facenet512.onnx" in answer.json()["detail"]


def test_a_required_gpu_that_is_missing_keeps_it_from_being_ready(
    base_variables: dict[str, str], people_database: Path, tmp_path: Path
) -> None:
    if shutil.which("nvidia-smi"):
        pytest.skip("this machine has an NVIDIA card")
    variables = {**base_variables, "REQUIRE_GPU": "true", "DATA_DIR": str(people_database)}
    with running_sidecar(variables, tmp_path / "log") as sidecar:
        answer = sidecar.client.get("/ready")
        assert answer.status_code == 503
        assert sidecar.check("gpu")["state"] == "failed"
        assert "libcuda.so.1" in sidecar.check("gpu")["reason"]
        # Alive and answering all the same.
        assert sidecar.client.get("/health").status_code == 200


def test_a_bad_setting_stops_the_start_with_one_line(base_variables: dict[str, str]) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "stash_sense", "serve"],
        env=environment({**base_variables, "STASH_RATE_LIMIT": "fast", "STASH_API_KEY": "two words"}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 2
    assert finished.stderr.count("\n") == 1
    assert "STASH_RATE_LIMIT='fast'" in finished.stderr
    assert "two words" not in finished.stderr


def test_it_stops_promptly_and_cleanly_when_told_to(
    sidecar: RunningSidecar, base_variables: dict[str, str], people_database: Path, tmp_path: Path
) -> None:
    with running_sidecar({**base_variables, "DATA_DIR": str(people_database)}, tmp_path / "log") as other:
        other.process.terminate()
        assert other.process.wait(10) in (0, -15)
        assert "Traceback" not in other.log()


def test_a_database_made_with_other_models_is_not_ready(
    base_variables: dict[str, str], data_dir: Path, tmp_path: Path
) -> None:
    path = data_dir / "releases/one/manifest.json"
    manifest = json.loads(path.read_text())
    manifest["models"]["arcface"]["sha256"] = "0" * 64
    path.write_text(json.dumps(manifest))
    point_current_at(data_dir, "one")
    with running_sidecar({**base_variables, "DATA_DIR": str(data_dir)}, tmp_path / "log") as sidecar:
        assert sidecar.client.get("/ready").status_code == 503
        assert "made with other models: arcface" in sidecar.check("database")["reason"]
