"""What keeps a deployment from starting, and what is said about it."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

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
            preflight_margin_mib=10**9,
            preflight_image_mib=5 * 10**8,
            stash_sense_repository="nobody/has-this",
            stash_sense_stash_url="http://127.0.0.1:9",
            preflight_mount="/proc/self",
            preflight_directory="/proc/self/fd",
        )
    assert play.status != 0
    for said in (
        f"port {port} is held by",
        "1000000000 to spare (preflight_margin_mib)",
        "500000000 of the image, and 1000000000 to spare",
        "http://127.0.0.1:9 does not answer from the host",
        "/proc/self is not a mounted pool",
    ):
        assert said in play.text


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
