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
    assert probe(roles, shell, "docker", str(odd), "", "6960", "")["directory"] == str(odd)


def test_it_measures_the_nearest_directory_that_is_there(
    roles: Path, shell: list[str], tmp_path: Path
) -> None:
    seen = probe(roles, shell, "docker", f"{tmp_path}/not/yet", "", "6960", "")
    assert seen["directory"] == str(tmp_path)
    assert seen["free_mib"] > 0


def test_it_tells_who_holds_the_port(roles: Path, shell: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        assert probe(roles, shell, "docker", "/", "", port, "")["port_holder"] == "another process"
    assert probe(roles, shell, "docker", "/", "", port, "")["port_holder"] == ""


def test_an_engine_that_does_not_answer_is_told_with_its_own_words(roles: Path, shell: list[str]) -> None:
    seen = probe(roles, shell, "docker -H unix:///nowhere.sock", "/", "", "6960", "")
    assert seen["engine_version"] == ""
    assert "nowhere.sock" in seen["engine_error"]


def test_it_reads_the_signs_of_the_named_pool_only(roles: Path, shell: list[str], emhttp: Path) -> None:
    seen = probe(roles, shell, "docker", "/", "/mnt/nvme_cache", "6960", "", EMHTTP=str(emhttp))
    assert (seen["fs_state"], seen["pool_status"], seen["mounted"]) == ("Started", "Unmounted", False)
    assert seen["time_zone"] == "Europe/Berlin"


def test_a_host_without_emhttp_is_any_linux(roles: Path, shell: list[str], tmp_path: Path) -> None:
    seen = probe(roles, shell, "docker", "/", "/", "6960", "", EMHTTP=str(tmp_path / "none"))
    assert seen["emhttp"] is False
    assert seen["mounted"] is True
