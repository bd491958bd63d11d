"""The data role's script, under every shell that a host may have."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.database_files import made_up_database, release_name

FILES = (
    "face_arcface.voy",
    "face_facenet.voy",
    "faces.json",
    "manifest.json",
    "performers.db",
    "performers.json",
)


class Host:
    """A data directory, and the script beside it."""

    def __init__(self, shell: list[str], script: Path, data: Path) -> None:
        self._command, self.data = [*shell, str(script)], data
        self.releases = data / "releases"

    def run(self, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*self._command, verb, str(self.data), *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    def __call__(self, verb: str, *arguments: str) -> str:
        done = self.run(verb, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self("state", *FILES))
        return found


@pytest.fixture
def host(shell: list[str], roles: Path, tmp_path: Path) -> Host:
    return Host(shell, roles / "data/files/releases.sh", tmp_path / "data")


def put(host: Host, name: str) -> None:
    (host.releases / name).mkdir(parents=True)


def test_flat_files_get_a_second_name_and_lose_the_first_only_when_told(host: Host) -> None:
    made_up_database(host.data, "1.0")
    (host.data / "stash_sense.db").write_text("own")
    expected = release_name_of(host)
    nothing = {"current": "", "previous": "", "releases": []}
    assert host.state == {**nothing, "flat": True, "leftover": False}
    assert host("adoptable", *FILES) == expected
    assert host.state == {**nothing, "flat": True, "leftover": False}
    assert host("adopt", *FILES) == expected
    host("switch", expected)
    there = {"current": expected, "previous": "", "releases": [expected]}
    assert host.state == {**there, "flat": False, "leftover": True}
    assert (host.data / "faces.json").samefile(host.data / "current/faces.json")
    host("unflatten", *FILES)
    assert sorted(path.name for path in host.data.iterdir()) == ["current", "releases", "stash_sense.db"]
    assert len(list((host.data / "current").iterdir())) == 6


def release_name_of(host: Host) -> str:
    (host.data / "stash_sense.db").rename(host.data.parent / "own")
    name = release_name(host.data)
    (host.data.parent / "own").rename(host.data / "stash_sense.db")
    return name


def _cut(data: Path) -> None:
    os.truncate(data / "performers.json", 1)


def _take_away(data: Path) -> None:
    (data / "performers.json").unlink()


@pytest.mark.parametrize(("spoil", "fault"), [(_cut, "another sha256"), (_take_away, "missing")])
@pytest.mark.parametrize("indent", [None, 2], ids=["one line", "many lines"])
def test_flat_files_that_are_not_their_manifests_stay_where_they_are(
    host: Host, spoil: Callable[[Path], None], fault: str, indent: int | None
) -> None:
    manifest = made_up_database(host.data, "1.0") / "manifest.json"
    said = json.loads(manifest.read_text())
    # Both ways of writing a sum that databases in the field have.
    said["checksums"]["performers.json"] = f"sha256:{said['checksums']['performers.json'].upper()}"
    manifest.write_text(json.dumps(said, indent=indent))
    assert host("adoptable", *FILES).startswith("1.0-")
    spoil(host.data)
    before = sorted(host.data.rglob("*"))
    done = host.run("adopt", *FILES)
    assert done.returncode != 0
    assert f"is not what its manifest.json says: performers.json ({fault})" in done.stderr
    assert "remedy: put whole files there" in done.stderr
    assert sorted(host.data.rglob("*")) == before


def test_a_flat_file_that_is_in_no_release_is_never_removed(host: Host) -> None:
    made_up_database(host.data, "1.0")
    host("switch", host("adopt", *FILES))
    (host.data / "faces.json").unlink()
    (host.data / "faces.json").write_text("somebody put another one there")
    host("unflatten", *FILES)
    assert (host.data / "faces.json").exists()
    assert not (host.data / "performers.db").exists()


def test_what_a_killed_rsync_left_is_gone_on_with(host: Host) -> None:
    incoming = host.releases / "2.incoming"
    incoming.mkdir(parents=True)
    (incoming / ".faces.json.Ab12Cd").write_text("half")
    (incoming / "performers.db").write_text("more")
    (incoming / ".performers.db.Ef34Gh").write_text("le")
    host("prepare", "2")
    assert {path.name: path.read_text() for path in incoming.iterdir()} == {
        "faces.json": "half",
        "performers.db": "more",
    }


@pytest.mark.parametrize("fault", ["damaged", "missing"])
def test_what_did_not_arrive_as_it_was_sent_is_refused_and_only_that_is_sent_again(
    host: Host, fault: str
) -> None:
    incoming = host.releases / "2.incoming"
    incoming.mkdir(parents=True)
    (incoming / "good").write_text("good")
    if fault == "damaged":
        (incoming / "bad").write_text("damaged")
    good, bad = (
        subprocess.run(["sha256sum"], input=t.encode(), capture_output=True).stdout.split()[0].decode()
        for t in ("good", "bad")
    )
    done = host.run("verify", "2", f"{good}=good", f"{bad}=bad")
    assert done.returncode != 0
    assert "seen:   what arrived on the host is not what was sent: bad" in done.stderr
    assert "remedy: run this again" in done.stderr
    assert [path.name for path in incoming.iterdir()] == ["good"]
    assert host.state["releases"] == []


def test_the_oldest_go_but_for_the_current_and_the_named_ones(host: Host) -> None:
    for age, name in enumerate(["new", "middle", "named", "old", "used"]):
        put(host, name)
        os.utime(host.releases / name, (1000 - age, 1000 - age))
    put(host, "half.incoming")
    (host.data / "current").symlink_to("releases/used")
    assert host("prunable", "1", "named").split() == ["middle", "old"]
    assert host("prune", "1", "named").split() == ["middle", "old"]
    assert sorted(path.name for path in host.releases.iterdir()) == ["named", "new", "used"]


def test_the_link_is_moved_in_one_step_and_can_be_taken_away(host: Host) -> None:
    put(host, "1")
    put(host, "2")
    host("switch", "1")
    host("switch", "2")
    assert (host.data / "current").readlink() == Path("releases/2")
    host("switch", "-")
    assert host.state["current"] == ""


def test_it_is_kept_what_served_when_the_link_was_moved_last(host: Host) -> None:
    for name in ("1", "2", "3"):
        put(host, name)
    host("switch", "1", "-")
    assert host.state["previous"] == ""
    host("switch", "2", "1")
    assert (host.state["current"], host.state["previous"]) == ("2", "1")
    host("prune", "0")
    assert sorted(host.state["releases"]) == ["1", "2"]
    host("remove", "1")
    assert host.state["previous"] == ""
