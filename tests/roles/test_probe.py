"""The preflight probe, under every shell that a host may have."""

import json
import os
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest


def probe(roles: Path, shell: list[str], *arguments: str, **environment: str) -> dict[str, Any]:
    done = subprocess.run(
        [*shell, roles / "preflight/files/probe.sh", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=True,
    )
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


@pytest.fixture
def emhttp(tmp_path: Path) -> Path:
    """What unRAID's emhttp keeps about a server whose pool is not mounted."""
    (tmp_path / "var.ini").write_text('NAME="Tower \\"1\\""\ntimeZone="Europe/Berlin"\nfsState="Started"\n')
    (tmp_path / "disks.ini").write_text(
        '["cache"]\nfsStatus="Mounted"\n["nvme_cache"]\nname="nvme_cache"\nfsStatus="Unmounted"\n'
    )
    return tmp_path


def test_it_prints_json_even_of_odd_text(roles: Path, shell: list[str], tmp_path: Path) -> None:
    odd = tmp_path / 'a "b" \\c'
    odd.mkdir()
    assert probe(roles, shell, f"directory={odd}")["directory"] == str(odd)


def test_it_measures_the_nearest_directory_that_is_there(
    roles: Path, shell: list[str], tmp_path: Path
) -> None:
    seen = probe(roles, shell, f"directory={tmp_path}/not/yet")
    assert seen["directory"] == str(tmp_path)
    assert seen["free_mib"] > 0
    assert seen["read_only"] is False


def test_it_sees_that_a_file_system_can_only_be_read_even_for_root(
    roles: Path, shell: list[str], tmp_path: Path
) -> None:
    # A mount that only this command sees.
    mount = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,bind,ro {tmp_path}"
    private = ["unshare", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh"]
    if subprocess.run([*private, "true"], capture_output=True).returncode:
        pytest.skip("this user may not mount")
    seen = probe(roles, [*private, *shell], f"directory={tmp_path}", f"templates={tmp_path}/templates")
    assert (seen["read_only"], seen["flash_read_only"]) == (True, True)


def test_it_tells_who_holds_the_port(roles: Path, shell: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert f"process {os.getpid()}" in probe(roles, shell, f"port={port}")["port_holder"]
    assert probe(roles, shell, f"port={port}")["port_holder"] == ""


def test_it_counts_only_those_files_of_a_database_that_the_host_lacks(
    roles: Path, shell: list[str], tmp_path: Path
) -> None:
    (tmp_path / "data/releases/1").mkdir(parents=True)
    (tmp_path / "data/releases/1/faces.json").write_text("12345")
    (tmp_path / "data/performers.db").write_text("123")
    data = "faces.json:5 performers.db:3 face_arcface.voy:7 manifest.json:11"
    assert probe(roles, shell, f"directory={tmp_path}", f"data={data}")["data_missing"] == 18


def test_an_engine_that_does_not_answer_is_told_with_its_own_words(roles: Path, shell: list[str]) -> None:
    seen = probe(roles, shell, "docker=docker -H unix:///nowhere.sock")
    assert seen["engine_version"] == ""
    assert "nowhere.sock" in seen["engine_error"]
    assert seen["has_image"] is False


def test_it_says_why_stash_does_not_answer(roles: Path, shell: list[str]) -> None:
    seen = probe(roles, shell, "url=http://127.0.0.1:9")
    assert seen["stash_status"] == "000"
    assert "Failed to connect" in seen["stash_error"] or "refused" in seen["stash_error"]


def test_it_reads_the_signs_of_the_named_pool_only(roles: Path, shell: list[str], emhttp: Path) -> None:
    seen = probe(roles, shell, "mount=/mnt/nvme_cache", EMHTTP=str(emhttp))
    assert (seen["fs_state"], seen["pool_status"], seen["mounted"]) == ("Started", "Unmounted", False)
    assert seen["time_zone"] == "Europe/Berlin"


def test_a_host_without_emhttp_is_any_linux(roles: Path, shell: list[str], tmp_path: Path) -> None:
    seen = probe(roles, shell, "mount=/", EMHTTP=str(tmp_path / "none"))
    assert seen["emhttp"] is False
    assert seen["mounted"] is True
