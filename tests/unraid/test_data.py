"""Data releases over ssh: swapped without a restart, and as they were when anything goes wrong on the way."""

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.asking import asking, no_gap
from support.database_files import made_up_database, release_name
from support.play import Play
from support.processes import pids_of
from support.unraid import UnraidServer

MIB = 2**20


def served(server: UnraidServer) -> str:
    return str(server.get("/ready").json()["database"]["version"])


def current(server: UnraidServer) -> str:
    return server.sh(f"basename $(readlink {server.appdata}/data/current)")


def releases(server: UnraidServer) -> list[str]:
    """With what is half there."""
    return server.sh(f"ls -A {server.appdata}/data/releases").split()


def said(play: Play) -> str:
    return " ".join(play.output.split())


@pytest.fixture
def with_data(deployed: UnraidServer, tmp_path: Path) -> UnraidServer:
    """Serving a release called 1.0; whatever was there before stays a release."""
    source = made_up_database(tmp_path / "one", "1.0")
    if release_name(source) not in deployed.sh(f"readlink {deployed.appdata}/data/current || true"):
        play = deployed.play("data", data_source=str(source))
        assert play.status == 0, play.output
    return deployed


def test_files_lying_flat_are_adopted_without_being_sent(deployed: UnraidServer, tmp_path: Path) -> None:
    source = made_up_database(tmp_path / "one", "1.0")
    data = f"{deployed.appdata}/data"
    deployed.sh(f"rm -rf {data}/current {data}/releases")
    for file in source.iterdir():
        deployed.sh(f"printf %s '{file.read_text()}' > {data}/{file.name}")
    deployed.sh(f"echo own > {data}/stash_sense.db")
    inode = deployed.sh(f"stat -c %i {data}/faces.json")

    play = deployed.play("deploy", "--tags", "data")
    assert play.status == 0, play.output
    assert "Send its files" not in play.output
    assert served(deployed) == "1.0"
    assert deployed.sh(f"stat -c %i {data}/current/faces.json") == inode
    assert sorted(deployed.sh(f"ls {data}").split()) == ["current", "releases", "stash_sense.db"]
    assert deployed.sh(f"cat {data}/stash_sense.db") == "own"


def test_a_new_release_is_swapped_in_under_constant_requests_and_only_what_changed_is_sent(
    with_data: UnraidServer, tmp_path: Path
) -> None:
    source = made_up_database(tmp_path / "two", "2.0")
    before = with_data.started
    with asking(lambda: served(with_data)) as log:
        # As a person would name it: from where the command is called.
        play = with_data.play("data", data_source=os.path.relpath(source, with_data.checkout))
        assert play.status == 0, play.output
    no_gap(log, ["1.0", "2.0"])
    assert with_data.started == before
    assert with_data.sh(f"stat -c %h {with_data.appdata}/data/current/face_arcface.voy") != "1"
    assert re.search(r"sent: +[\d.]+ Bytes", said(play)), play.output
    again = with_data.play("data", data_source=str(source))
    assert (again.status, again.changed) == (0, 0), again.output


def test_a_dry_run_names_the_release_and_brings_nothing(with_data: UnraidServer, tmp_path: Path) -> None:
    source, before = made_up_database(tmp_path / "dry", "5.0"), releases(with_data)
    play = with_data.play("data", "--check", "--diff", data_source=str(source))
    assert play.status == 0, play.output
    assert f"-> {release_name(source)}, without a restart" in said(play)
    assert releases(with_data) == before


def test_a_release_that_the_sidecar_refuses_is_taken_back(with_data: UnraidServer, tmp_path: Path) -> None:
    source = made_up_database(tmp_path / "bad", "3.0-refuse")
    there, version = releases(with_data), served(with_data)
    with asking(lambda: served(with_data)) as log:
        play = with_data.play("data", data_source=str(source))
    assert play.status != 0
    no_gap(log, [version])
    assert "face_arcface.voy of 3.0-refuse is damaged" in said(play)
    assert "stash-sense check-database" in said(play)
    assert current(with_data) in there
    assert releases(with_data) == there


def test_a_file_that_is_not_the_manifests_is_refused_before_anything_is_sent(
    with_data: UnraidServer, tmp_path: Path
) -> None:
    source = made_up_database(tmp_path / "cut", "4.0", bytes(1000))
    os.truncate(source / "performers.json", 500)
    before = with_data.state()
    play = with_data.play("data", data_source=str(source))
    assert play.status != 0
    assert "another sha256 than the manifest says: performers.json" in said(play)
    assert "download or build the database again" in said(play)
    assert with_data.state() == before


def _kill_the_connection(server: UnraidServer, name: str) -> None:
    for pid in pids_of(f"{server.ssh.folder}/config", "rsync", "--server") or pids_of("rsync", name):
        os.kill(pid, signal.SIGKILL)


def _cut_the_power(server: UnraidServer, _: str) -> None:
    server.power_cut()
    server.wait_until_ready()


@pytest.mark.parametrize("cut", [_kill_the_connection, _cut_the_power], ids=["ssh", "power"])
def test_a_transfer_that_is_cut_leaves_the_old_one_serving_and_goes_on_where_it_was(
    with_data: UnraidServer, cut: Callable[[UnraidServer, str], None], tmp_path: Path
) -> None:
    source = made_up_database(tmp_path / "large", "6.0", os.urandom(12 * MIB))
    name, there, version = release_name(source), releases(with_data), served(with_data)
    incoming = f"{with_data.appdata}/data/releases/{name}.incoming"
    with with_data.playing("data", data_source=str(source), data_send_limit=1024) as process:
        _wait_for(with_data, incoming, 4 * MIB)
        cut(with_data, name)
        output, _ = process.communicate()
    assert process.returncode != 0
    assert served(with_data) == version
    assert set(releases(with_data)) - set(there) == {f"{name}.incoming"}
    if cut is _kill_the_connection:
        assert f"the transfer of {name} was cut" in " ".join(output.split())
        assert "run this again: it goes on where it was cut" in " ".join(output.split())
        assert f"the sidecar goes on serving {version}-" in " ".join(output.split())

    play = with_data.play("data", data_source=str(source))
    assert play.status == 0, play.output
    assert served(with_data) == "6.0"
    sent = re.search(r"sent: +([\d.]+) MB", said(play))
    assert sent, play.output
    assert float(sent[1]) < 10
    _forget(with_data, name)


def test_a_disk_that_runs_full_meanwhile_is_named_and_given_its_space_back(
    with_data: UnraidServer, tmp_path: Path
) -> None:
    source = made_up_database(tmp_path / "huge", "7.0", os.urandom(24 * MIB))
    name, there, version = release_name(source), releases(with_data), served(with_data)
    incoming = f"{with_data.appdata}/data/releases/{name}.incoming"
    pool = "/mnt/nvme_cache"
    try:
        with with_data.playing("data", data_source=str(source), data_send_limit=2048) as process:
            _wait_for(with_data, incoming, MIB)
            free = f"$(df -Pk {pool} | awk 'NR == 2 {{print $4 - 2048}}')"
            with_data.sh(f"fallocate -l {free}K {pool}/full")
            output, _ = process.communicate()
        assert process.returncode != 0
        assert "the host's disk ran full" in " ".join(output.split())
        assert "free space there" in " ".join(output.split())
        assert releases(with_data) == there
        assert served(with_data) == version
    finally:
        with_data.sh(f"rm -f {pool}/full")


def _wait_for(server: UnraidServer, folder: str, size: int) -> None:
    """Until so much has arrived there."""
    deadline = time.monotonic() + 120
    while int(server.sh(f"du -sb {folder} 2>/dev/null | cut -f 1 || true") or 0) < size:
        assert time.monotonic() < deadline, "nothing arrives"
        time.sleep(0.1)


def _forget(server: UnraidServer, name: str) -> None:
    """So that the same release has to be brought again; the one before it serves."""
    play = server.play("rollback")
    assert play.status == 0, play.output
    server.sh(f"rm -rf {server.appdata}/data/releases/{name}")
