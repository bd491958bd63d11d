"""After the deployment, with the real image: new data, back again, and copies of what it remembers."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.asking import asking, no_gap
from support.database_files import renamed_database, write_manifest
from support.play import Play
from support.sidecar import identify, names
from support.site import Site

REMEMBER = (
    "import sqlite3, sys; c = sqlite3.connect('/data/stash_sense.db', timeout=30, isolation_level=None)"
)


@pytest.fixture
def remembered(site: Site, deployment: Play) -> Iterator[None]:
    """Nothing of a test stays in the sidecar's memory."""
    yield
    _remember(site, "DELETE FROM user_settings WHERE key LIKE 'test-%'")


def _remember(site: Site, statement: str) -> None:
    """Write as the sidecar does, beside it: from inside its container."""
    done = site.container.exec_run(["/opt/venv/bin/python", "-c", f"{REMEMBER}; c.execute({statement!r})"])
    assert done.exit_code == 0, done.output.decode()


def _remembers(path: Path) -> set[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return {row[0] for row in connection.execute("SELECT key FROM user_settings WHERE key LIKE 'test-%'")}


def _key(name: str) -> str:
    return f"INSERT INTO user_settings (key, value) VALUES ('test-{name}', '1')"


def test_a_new_database_is_swapped_in_and_taken_back_without_a_failed_request(
    site: Site, probe: Path, tmp_path: Path
) -> None:
    source = renamed_database(site.home / "database", tmp_path / "new", "2030.1.1", {"obama": "somebody"})
    before = site.started
    with asking(lambda: names(identify(site.port, probe / "obama.jpg")[0])) as log:
        play = site.play("data", data_source=str(source))
        assert play.status == 0, play.output
    no_gap(log, [["obama"], ["somebody"]])
    assert "without a restart" in " ".join(play.output.split())

    with asking(lambda: names(identify(site.port, probe / "obama.jpg")[0])) as log:
        play = site.play("rollback")
        assert play.status == 0, play.output
    no_gap(log, [["somebody"], ["obama"]])
    assert site.started == before


def test_a_database_that_the_sidecar_refuses_is_taken_back_and_the_old_one_answers_throughout(
    site: Site, probe: Path, tmp_path: Path
) -> None:
    source = renamed_database(site.home / "database", tmp_path / "bad", "2030.1.2", {})
    index = (source / "face_arcface.voy").read_bytes()
    (source / "face_arcface.voy").write_bytes(index[: len(index) // 2])
    # What it says about the damaged file is right: only loading it can tell.
    write_manifest(source)
    current = (site.home / "appdata/data/current").readlink()
    with asking(lambda: names(identify(site.port, probe / "obama.jpg")[0])) as log:
        play = site.play("data", data_source=str(source))
    assert play.status != 0
    no_gap(log, [["obama"]])
    said = " ".join(play.output.split())
    assert "did not take 2030.1.2" in said
    assert "face_arcface.voy" in said
    assert (site.home / "appdata/data/current").readlink() == current
    assert [path.name for path in (site.home / "appdata/data/releases").glob("2030.1.2*")] == []


def test_a_backup_of_a_running_sidecar_is_whole_and_restoring_it_leaves_nothing_of_later(
    site: Site, remembered: None, tmp_path: Path
) -> None:
    _remember(site, _key("early"))
    before = site.started
    play = site.play("backup", backup_dir=str(tmp_path / "backups"))
    assert play.status == 0, play.output
    assert site.started == before
    (copy,) = (tmp_path / "backups").glob("*.db")
    assert _remembers(copy) == {"test-early"}
    assert json.loads(Path(f"{copy}.json").read_text())["schema"] >= 6

    _remember(site, _key("late"))
    play = site.play("restore", backup_dir=str(tmp_path / "backups"))
    assert play.status == 0, play.output
    assert re.search(r"nobody was served for \d+\.\d+ s", " ".join(play.output.split()))
    data = site.home / "appdata/data"
    assert _remembers(data / "stash_sense.db") == {"test-early"}
    (aside,) = data.glob("stash_sense.db.before-*Z")
    assert _remembers(aside) == {"test-early", "test-late"}
    assert site.get("/ready").status_code == 200
    assert list(data.glob(".restore-*")) + list(data.glob(".backup-*")) == []
    aside.unlink()


def test_a_damaged_backup_is_refused_before_anything_is_touched(
    site: Site, deployment: Play, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.db"
    content = bytearray((site.home / "appdata/data/stash_sense.db").read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    bad.write_bytes(content)
    before = site.started
    play = site.play("restore", backup=str(bad))
    assert play.status != 0
    said = " ".join(play.output.split())
    assert "needed: a whole stash_sense.db" in said
    assert "nothing has changed on the host" in said
    assert site.started == before


def test_a_backup_needs_no_running_sidecar(site: Site, remembered: None, tmp_path: Path) -> None:
    _remember(site, _key("stopped"))
    site.container.stop()
    try:
        play = site.play("backup", backup_dir=str(tmp_path))
        assert play.status == 0, play.output
        (copy,) = tmp_path.glob("*.db")
        assert _remembers(copy) == {"test-stopped"}
    finally:
        play = site.play("deploy", "--tags", "container")
        assert play.status == 0, play.output
