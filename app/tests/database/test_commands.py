"""``stash-sense build-database`` and ``check-database`` as people call them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from stash_sense.cli.main import app
from tests.database.photos import copy_people
from tests.database.release import SIX_FILES, Release


@pytest.fixture
def variables(models_dir: Path, insightface_home: Path) -> dict[str, str]:
    return {"MODELS_DIR": str(models_dir), "INSIGHTFACE_HOME": str(insightface_home), "REQUIRE_GPU": "false"}


def stash_sense(*arguments: object, variables: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=variables)


def test_check_database_prints_a_line_for_each_file_and_succeeds(release: Release) -> None:
    finished = stash_sense("check-database", release.directory)

    assert finished.exit_code == 0, finished.output
    lines = finished.stdout.splitlines()
    for file in SIX_FILES:
        assert any(line.split()[:2] == [file, "ok"] for line in lines)
    assert "\x1b" not in finished.stdout


def test_check_database_fails_and_keeps_each_reason_on_one_line(release: Release) -> None:
    release.truncate("faces.json")

    finished = stash_sense("check-database", release.directory)

    assert finished.exit_code == 1
    lines = [line for line in finished.stdout.splitlines() if line.startswith("faces.json")]
    assert len(lines) == 2
    assert "the manifest says" in lines[0]
    assert "Invalid JSON: EOF" in lines[1]
    assert "1 file cannot be used" in finished.stdout


def test_check_database_looks_at_the_current_release_of_a_data_folder(release: Release) -> None:
    (release.directory.parent / "current").symlink_to(release.directory.name)

    assert stash_sense("check-database", release.directory.parent).exit_code == 0


def test_build_database_takes_a_csv_file_and_tells_what_it_left_out(
    faces_dir: Path, tmp_path: Path, variables: dict[str, str]
) -> None:
    photos = copy_people(faces_dir, tmp_path / "photos")
    csv = tmp_path / "people.csv"
    csv.write_text(
        "person,universal_id,file\n"
        "Barack Obama,stashdb.org:11111111-2222-4333-8444-555555555555,obama/1.jpg\n"
        "Joe Biden,,biden/2.jpg\n"
        "Joe Biden,,biden/gone.jpg\n"
    )
    out = tmp_path / "out"

    finished = stash_sense(
        "build-database", "--csv", csv, "--photos", photos, "--out", out, variables=variables
    )

    assert finished.exit_code == 0, finished.output
    assert "biden/gone.jpg: cannot be read: No such file" in finished.stdout
    assert "2 people, 2 faces" in finished.stdout
    assert stash_sense("check-database", out).exit_code == 0
    assert Release(out).read_json("faces.json")[0] == "stashdb.org:11111111-2222-4333-8444-555555555555"


def test_build_database_fails_when_nobody_can_be_taken(tmp_path: Path, variables: dict[str, str]) -> None:
    (tmp_path / "photos/ann").mkdir(parents=True)
    (tmp_path / "photos/ann/x.jpg").write_bytes(b"x")

    finished = stash_sense(
        "build-database", "--photos", tmp_path / "photos", "--out", tmp_path / "out", variables=variables
    )

    assert finished.exit_code == 1
    assert "ann/x.jpg" in finished.stdout


def test_build_database_says_in_one_line_what_is_missing(tmp_path: Path) -> None:
    for arguments in ((), ("--photos", tmp_path / "gone"), ("--photos", tmp_path)):
        finished = stash_sense("build-database", "--out", tmp_path / "out", *arguments)
        assert finished.exit_code == 2
        assert len(finished.stderr.splitlines()) == 1
        assert finished.stderr.startswith("stash-sense: ")
