"""The command line, as people run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from stash_sense import __version__
from tests.support.sidecar import environment


@pytest.fixture(scope="session")
def variables(models_dir: Path, insightface_home: Path, people_database: Path) -> dict[str, str]:
    return {
        "MODELS_DIR": str(models_dir),
        "INSIGHTFACE_HOME": str(insightface_home),
        "DATA_DIR": str(people_database),
        "REQUIRE_GPU": "false",
    }


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stash_sense", *arguments],
        env=environment(variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_without_arguments_it_lists_its_commands() -> None:
    finished = run()
    for command in ("serve", "check-database", "build-database", "identify", "warm-models"):
        assert command in finished.stdout + finished.stderr


def test_it_tells_its_version() -> None:
    assert run("--version").stdout.strip() == __version__


def test_identify_names_faces_left_to_right(variables: dict[str, str], faces_dir: Path) -> None:
    finished = run("identify", str(faces_dir / "probe/two_people.jpg"), **variables)
    assert finished.returncode == 0
    lines = finished.stdout.splitlines()
    assert lines[0].endswith("2 faces")
    assert "obama" in lines[1]
    assert "biden" in lines[2]


def test_identify_goes_on_after_a_file_that_is_no_picture_and_says_so_in_its_status(
    variables: dict[str, str], faces_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("no picture", "utf-8")
    finished = run("identify", str(tmp_path / "notes.txt"), str(faces_dir / "probe/obama.jpg"), **variables)
    assert finished.returncode == 1
    assert "notes.txt" in finished.stderr
    assert "obama" in finished.stdout


def test_identify_without_a_database_says_what_is_missing(
    variables: dict[str, str], faces_dir: Path, tmp_path: Path
) -> None:
    finished = run("identify", str(faces_dir / "probe/obama.jpg"), **{**variables, "DATA_DIR": str(tmp_path)})
    assert finished.returncode == 2
    assert "manifest.json" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_warm_models_says_where_each_model_runs(variables: dict[str, str]) -> None:
    finished = run("warm-models", **variables)
    assert finished.returncode == 0
    for model in ("detector", "facenet512", "arcface"):
        assert f"{model}: CPUExecutionProvider" in finished.stdout


def test_warm_models_records_the_same_golden_vectors_each_time_without_the_detector(
    variables: dict[str, str], tmp_path: Path
) -> None:
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in files:
        finished = run(
            "warm-models", "--write-golden", str(file), **{**variables, "INSIGHTFACE_HOME": str(tmp_path)}
        )
        assert finished.returncode == 0, finished.stderr
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_missing_model_is_one_line_and_status_2(variables: dict[str, str], tmp_path: Path) -> None:
    finished = run("warm-models", **{**variables, "MODELS_DIR": str(tmp_path)})
    assert finished.returncode == 2
    assert finished.stderr.count("\n") == 1
    assert "facenet512.onnx is missing" in finished.stderr
