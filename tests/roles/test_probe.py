"""The preflight probe, under every shell that a host may have."""

import hashlib
import json
import os
import socket
import subprocess
import uuid
from pathlib import Path
from typing import Any

import docker
import pytest
from support.cards import cards
from support.database_files import write_manifest
from support.unraid_host import base_image


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
    # A release with what changed under the same size, files that lie flat, and a transfer that was cut.
    for folder, names in {
        "data": ["performers.db"],
        "data/releases/1": ["faces.json", "performers.json"],
        "data/releases/2.incoming": ["face_arcface.voy"],
    }.items():
        (tmp_path / folder).mkdir(parents=True)
        for name in names:
            (tmp_path / folder / name).write_text(f"old {name}")
        if not folder.endswith("incoming"):
            write_manifest(tmp_path / folder)
    sums = {
        "faces.json": "old faces.json",
        "performers.json": "new performers.json",
        "performers.db": "old performers.db",
        "face_arcface.voy": "old face_arcface.voy",
    }
    words = [f"{name}:{len(text)}:{hashlib.sha256(text.encode()).hexdigest()}" for name, text in sums.items()]
    seen = probe(roles, shell, f"directory={tmp_path}", f"data={' '.join(words)} manifest.json:11:")
    lacking = ("new performers.json", "old face_arcface.voy")
    assert seen["data_missing"] == sum(map(len, lacking)) + 11


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


def test_it_can_be_asked_for_the_pool_alone(roles: Path, shell: list[str], emhttp: Path) -> None:
    signs = {"emhttp": True, "fs_state": "Started", "pool_status": "Unmounted", "mounted": False}
    assert probe(roles, shell, "only=pool", "mount=/mnt/nvme_cache", EMHTTP=str(emhttp)) == signs


def test_it_tells_the_free_memory_of_each_card(roles: Path, shell: list[str], tmp_path: Path) -> None:
    cards(tmp_path, {"GPU-a": 100, "GPU-b": 7800})
    seen = probe(roles, shell, PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert seen["gpu_free"].split() == ["GPU-a:100", "GPU-b:7800"]


@pytest.mark.parametrize("name", ["{}", "{}-previous", "{}-other"])
def test_it_knows_the_sidecar_by_the_name_of_its_container(
    roles: Path, engine: docker.DockerClient, repository: Path, name: str
) -> None:
    sidecar = f"probe-{uuid.uuid4().hex[:8]}"
    running = engine.containers.run(
        base_image(repository), ["sleep", "60"], name=name.format(sidecar), detach=True
    )
    try:
        seen = probe(roles, ["sh"], f"container={sidecar}")
    finally:
        running.remove(force=True)
    assert seen["sidecar_runs"] is (name != "{}-other")


def test_a_host_without_emhttp_is_any_linux(roles: Path, shell: list[str], tmp_path: Path) -> None:
    seen = probe(roles, shell, "mount=/", EMHTTP=str(tmp_path / "none"))
    assert seen["emhttp"] is False
    assert seen["mounted"] is True
