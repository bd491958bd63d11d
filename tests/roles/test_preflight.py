"""What keeps a deployment from starting, and what is said about it."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

Deploy = Callable[..., Any]


def test_a_machine_that_has_everything_passes_unchanged(deploy: Deploy, free_port: int) -> None:
    play = deploy("preflight", stash_sense_host_port=free_port)
    assert (play.status, play.changed) == (0, 0), play.text


def test_all_faults_of_a_host_are_named_at_once(deploy: Deploy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        play = deploy(
            "preflight",
            stash_sense_host_port=port,
            preflight_free_mib=10**9,
            stash_sense_stash_url="http://127.0.0.1:9",
            preflight_mount="/proc/self",
            preflight_directory="/proc/self/fd",
        )
    assert play.status != 0
    for said in (
        f"port {port} is held by another process",
        "needed: 1000000000 MiB",
        "http://127.0.0.1:9 does not answer from the host",
        "/proc/self is not a mounted pool",
    ):
        assert said in play.text


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"stash_sense_host_port": 70000}, "port 70000 -> a port is 1 to 65535"),
        ({"stash_sense_host_port": "abc"}, "argument 'preflight_port' is of type str"),
        ({"stash_sense_appdata": "relative"}, 'directory "relative" -> an absolute path'),
        ({"stash_sense_pool": "tank"}, "a path below the pool /mnt/tank"),
        ({"stash_sense_extra_params": "--gpus all; reboot"}, "it goes into a root shell"),
        ({"stash_sense_stash_url": "http://a b  c"}, "no outer or double blanks"),
        ({"container_pids_limit": "many"}, "argument 'container_pids_limit' is of type str"),
    ],
)
def test_an_inventory_is_refused_before_the_host_is_touched(
    deploy: Deploy, variables: dict[str, object], said: str
) -> None:
    play = deploy("preflight", **variables)
    assert play.status != 0
    assert said in play.text
    assert "Send the probe" not in play.text
