"""The remove role's script, under every shell that a host may have."""

import subprocess
from pathlib import Path

import pytest
import yaml
from support.database_files import made_up_database

OURS = ["releases/1/manifest.json", ".backup-20260101T000000Z.db", ".restore-20260101T000000Z.db-journal"]
REMEMBERED = ["stash_sense.db", "stash_sense.db-wal", "stash_sense.db.before-20260101T000000Z"]
THEIRS = ["stash_sense.copy.db", "stash_sense.db.mine", "notes.txt", ".hidden"]


@pytest.fixture
def appdata(tmp_path: Path) -> Path:
    """Everything that may lie there."""
    made_up_database(tmp_path / "data", "1.0")
    for name in [*OURS, *REMEMBERED, *THEIRS]:
        file = tmp_path / "data" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("something")
    for link in ("current", "previous"):
        (tmp_path / "data" / link).symlink_to("releases/gone")
    for folder in ("deployments", "insightface-cache"):
        (tmp_path / folder / "inner").mkdir(parents=True)
    return tmp_path


def remove(roles: Path, shell: list[str], appdata: Path, verb: str, *kind: str) -> str:
    script = str(roles / "remove/files/remove.sh")
    words = ["docker", "nobody", str(appdata), "", "", "nobody/has-such-an-image", *kind]
    done = subprocess.run([*shell, script, verb, *words], capture_output=True, text=True, check=True)
    return done.stdout


def left(appdata: Path) -> set[str]:
    return {path.name for path in (appdata / "data").iterdir()}


def test_what_is_somebody_elses_stays_whatever_is_removed(
    roles: Path, shell: list[str], appdata: Path
) -> None:
    assert remove(roles, shell, appdata, "look").split() == ["data", "database"]
    remove(roles, shell, appdata, "go", "data")
    assert left(appdata) == {*REMEMBERED, *THEIRS}
    assert [path.name for path in appdata.iterdir()] == ["data"]
    remove(roles, shell, appdata, "go", "database")
    assert left(appdata) == set(THEIRS)
    assert remove(roles, shell, appdata, "look") == ""


def test_nothing_stays_where_nothing_is_somebody_elses(roles: Path, shell: list[str], appdata: Path) -> None:
    for name in THEIRS:
        (appdata / "data" / name).unlink()
    for kind in ("data", "database"):
        remove(roles, shell, appdata, "go", kind)
    assert not appdata.exists()


def test_every_file_that_lies_flat_on_some_hosts_is_known(
    roles: Path, shell: list[str], tmp_path: Path
) -> None:
    names = yaml.safe_load((roles / "data/vars/main.yml").read_text())
    (tmp_path / "appdata/data").mkdir(parents=True)
    for name in names["__data_required"] + names["__data_optional"]:
        (tmp_path / "appdata/data" / name).write_text("something")
    remove(roles, shell, tmp_path / "appdata", "go", "data")
    assert not (tmp_path / "appdata").exists()
