"""What keeps a deployment from starting, and what is said about it."""

import json
import os
import re
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker
import pytest
import yaml
from support.cards import cards
from support.play import Play, playing
from support.role import play_role
from support.unraid_host import base_image

Deploy = Callable[..., Any]


def test_a_machine_that_has_everything_passes_unchanged(deploy: Deploy, free_port: int) -> None:
    play = deploy("preflight", stash_sense_host_port=free_port)
    assert (play.status, play.changed) == (0, 0), play.text


FULL = "GPU-00000000-0000-0000-0000-00000000000a"
EMPTY = "GPU-00000000-0000-0000-0000-00000000000b"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose commands come first on the host: two cards, of which one is full."""
    folder = tmp_path / "tools"
    folder.mkdir()
    cards(folder, {FULL: 100, EMPTY: 7800})
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


@pytest.fixture
def emhttp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What makes the host look like unRAID; the pool /proc is a mount, but not as emhttp would have it."""
    (tmp_path / "var.ini").write_text('fsState="Started"\n')
    (tmp_path / "disks.ini").write_text('["proc"]\nfsStatus="Unmounted"\n')
    monkeypatch.setenv("EMHTTP", str(tmp_path))
    return tmp_path


def test_all_faults_of_a_host_are_named_at_once(deploy: Deploy, tools: Path) -> None:
    date = tools / "date"
    date.write_text(f"#!/bin/sh\nexec {shutil.which('date')} -d '+1 day' \"$@\"\n")
    date.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        play = deploy(
            "preflight",
            stash_sense_host_port=port,
            preflight_margin_mib=10**9,
            preflight_image_mib=5 * 10**8,
            stash_sense_repository="nobody/has-this",
            stash_sense_stash_url="http://127.0.0.1:9",
            preflight_mount="/proc/self",
            preflight_directory="/proc/self/fd",
            stash_sense_gpu=FULL,
        )
    assert play.status != 0
    for said in (
        f"port {port} is held by",
        "1000000000 to spare (preflight_margin_mib)",
        "500000000 of the image, and 1000000000 to spare",
        "http://127.0.0.1:9 does not answer from the host",
        "/proc/self is not a mounted pool",
        # The other card has enough; the wanted one counts.
        f"100 MiB free on the GPU {FULL}",
        "the engine has no runtime nvidia",
        "remedy: switch on NTP",
    ):
        assert said in play.text
    off = re.search(r"the host's clock is (\d+) s off the controller's", play.text.replace("''", "'"))
    assert off, play.text
    assert abs(int(off[1]) - 24 * 3600) < 60


def test_memory_of_the_wanted_card_is_enough_when_it_is_free_or_our_own_sidecar_has_it(
    deploy: Deploy, tools: Path, free_port: int, engine: docker.DockerClient, repository: Path
) -> None:
    free = deploy("preflight", stash_sense_host_port=free_port, stash_sense_gpu=EMPTY)
    name = f"stash-sense-roles-{free_port}"
    # It holds no port, as one whose port is to be changed holds another.
    sidecar = engine.containers.run(base_image(repository), ["sleep", "60"], name=name, detach=True)
    try:
        own = deploy(
            "preflight", stash_sense_host_port=free_port, stash_sense_gpu=FULL, stash_sense_name=name
        )
    finally:
        sidecar.remove(force=True)
    for play in (free, own):
        # This machine's engine has no such runtime: the host was judged.
        assert "the engine has no runtime nvidia" in play.text
        assert "MiB free on the GPU" not in play.text


def test_a_directory_below_mnt_of_an_unraid_server_needs_a_pool(
    deploy: Deploy, emhttp: Path, free_port: int
) -> None:
    play = deploy("preflight", stash_sense_host_port=free_port, preflight_directory="/mnt/cache/appdata/s")
    assert play.status != 0
    assert "/mnt/cache/appdata/s on an unRAID server, and stash_sense_pool is empty" in play.text
    assert "remedy: name as stash_sense_pool the folder of /mnt" in play.text


def test_a_mount_is_a_pool_only_with_all_signs_also_when_nothing_else_is_asked(
    repository: Path, tmp_path: Path, emhttp: Path
) -> None:
    def ask() -> Play:
        return play_role(
            repository,
            tmp_path,
            "preflight",
            tasks_from=("pool",),
            preflight_mount="/proc",
            preflight_container="any",
            preflight_port=1,
            preflight_directory="/proc/any",
            preflight_settings_spec="any",
        )

    refused = ask()
    assert refused.status != 0
    assert "/proc is not a mounted pool (mount point: True; array Started, pool Unmounted)" in " ".join(
        refused.output.split()
    )
    (emhttp / "disks.ini").write_text('["proc"]\nfsStatus="Mounted"\n')
    assert ask().status == 0


@pytest.mark.parametrize("playbook", ["backup", "restore"])
def test_nothing_is_backed_up_or_restored_where_the_pool_is_not_mounted(
    repository: Path, tmp_path: Path, playbook: str
) -> None:
    pool = tmp_path / "pool"
    pool.mkdir()
    (tmp_path / "some.db").write_text("a backup")
    given = {
        "stash_sense_name": "stash-sense-roles",
        "stash_sense_appdata": f"{pool}/appdata",
        "preflight_mount": str(pool),
        "lock_directory": str(tmp_path),
        "backup": str(tmp_path / "some.db"),
        "backup_dir": str(tmp_path / "backups"),
    }
    words = ["-i", "inventories/local", f"playbooks/{playbook}.yml", "--extra-vars", json.dumps(given)]
    with playing(repository, words) as process:
        play = Play.of(process)
    assert play.status != 0
    assert f"{pool} is not a mounted pool (mount point: False)" in " ".join(play.output.split())
    assert "See whether the sidecar runs" not in play.output
    assert list(pool.iterdir()) == []


def test_all_faults_of_an_inventory_are_named_at_once(deploy: Deploy) -> None:
    play = deploy(
        "preflight",
        stash_sense_host_port=70000,
        stash_sense_appdata="relative",
        stash_sense_stash_api_key="hidden key",
        stash_sense_gpus="all",
        stash_sense_extra_params="--gpus all; reboot",
        container_stop_timeout="many",
    )
    assert play.status != 0
    assert "Send the probe" not in play.text, "the host was touched"
    assert "hidden" not in play.text
    for said in (
        "port 70000 -> a port is 1 to 65535",
        "directory 'relative' -> an absolute path",
        "the API key of Stash has blanks",
        "the variable stash_sense_gpus -> one that is read -> did you mean stash_sense_gpu?",
        "it goes into a root shell as it is",
        "container_stop_timeout'' is of type str",
    ):
        assert said in play.text


def test_settings_of_the_wrong_type_are_named_before_anything_is_made_of_them(deploy: Deploy) -> None:
    play = deploy("preflight", stash_sense_host_port="abc", stash_sense_require_gpu="perhaps")
    assert play.status != 0
    assert "stash_sense_host_port'' is of type str" in play.text
    assert "value of stash_sense_require_gpu must be one of: auto, true, false, got: perhaps" in play.text


def test_every_setting_is_described_once(repository: Path) -> None:
    spec = yaml.safe_load((repository / "playbooks/vars/settings.yml").read_text())
    described = spec["argument_specs"]["stash_sense"]["options"]
    defaults = yaml.safe_load((repository / "playbooks/group_vars/all/stash_sense.yml").read_text())
    assert set(described) == set(defaults)
