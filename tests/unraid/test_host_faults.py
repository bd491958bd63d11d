"""A fault of the host, found before anything is done: cause and remedy are named, the service answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from support.play import Play
from support.unraid import UnraidServer


@dataclass(frozen=True)
class Fault:
    """How to bring one about on the server, how to mend it, and what has to be said about it."""

    name: str
    cause: str
    remedy: str
    arrange: str = "true"
    mend: str = "true"
    variables: dict[str, Any] = field(default_factory=dict)


FULL = Fault(
    "disk-too-full",
    "MiB free at /mnt/nvme_cache",
    "free space there, or lower data_keep",
    "fallocate -l $(($(df -Pk /mnt/nvme_cache | awk 'NR == 2 {print $4}') - 102400))K /mnt/nvme_cache/full",
    "rm /mnt/nvme_cache/full",
)
PORT = Fault(
    "port-taken",
    "port 22 is held by sshd",
    "choose another stash_sense_host_port",
    variables={"stash_sense_host_port": 22},
)
RUNTIME = Fault(
    "runtime-missing",
    "the engine has no runtime nvidia",
    "install the Nvidia-Driver plugin",
    'sed -i.kept \'s/"nvidia": /"other": /\' /etc/docker/daemon.json && /etc/rc.d/rc.docker reload',
    "mv /etc/docker/daemon.json.kept /etc/docker/daemon.json && /etc/rc.d/rc.docker reload",
)
CARD = Fault(
    "no-card",
    "nvidia-smi -L lists no card on the host",
    "install the Nvidia-Driver plugin (elsewhere: the driver)",
    "mv /usr/bin/nvidia-smi /usr/bin/nvidia-smi.kept",
    "mv /usr/bin/nvidia-smi.kept /usr/bin/nvidia-smi",
)
FLASH = Fault(
    "flash-read-only",
    "for the template, can only be read",
    "look for errors of the flash drive",
    "mount -o remount,ro /boot",
    "mount -o remount,rw /boot",
)
STASH = Fault(
    "stash-unreachable",
    "http://127.0.0.1:9 does not answer from the host",
    "start Stash, or correct stash_sense_stash_url",
    variables={"stash_sense_stash_url": "http://127.0.0.1:9"},
)
FAULTS = [FULL, PORT, RUNTIME, CARD, FLASH, STASH]


@contextmanager
def arranged(server: UnraidServer, *faults: Fault) -> Iterator[dict[str, Any]]:
    """Bring the faults about as long as the block runs; gives the variables that belong to them."""
    try:
        for fault in faults:
            server.sh(fault.arrange)
        yield {name: value for fault in faults for name, value in fault.variables.items()}
    finally:
        for fault in faults:
            server.sh(fault.mend)


def refused(server: UnraidServer, play: Play, *faults: Fault) -> None:
    """Cause and remedy of each are named in one message, which is the end; the service answers."""
    assert play.status != 0, play.output
    said = " ".join(play.output.split())
    for fault in faults:
        assert fault.cause in said, said
        assert fault.remedy in said, said
    assert "Replace the container" not in play.output
    assert server.get("/ready").status_code == 200


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_ends_the_deployment_before_anything_is_done(deployed: UnraidServer, fault: Fault) -> None:
    before = deployed.state()
    with arranged(deployed, fault) as variables:
        refused(deployed, deployed.play("deploy", **variables), fault)
    assert deployed.state() == before


def test_several_faults_are_named_at_once(deployed: UnraidServer) -> None:
    before = deployed.state()
    with arranged(deployed, *FAULTS) as variables:
        refused(deployed, deployed.play("deploy", **variables), *FAULTS)
    assert deployed.state() == before


def test_nothing_is_written_below_mnt_while_the_pool_is_not_mounted(deployed: UnraidServer) -> None:
    before = deployed.state()
    deployed.sh("/etc/rc.d/rc.pool stop")
    try:
        play = deployed.play("deploy")
        assert deployed.sh("find /mnt -mindepth 1") == ""
    finally:
        deployed.sh("/etc/rc.d/rc.pool start")
    pool = Fault("", "/mnt/nvme_cache is not a mounted pool", "start the array (unRAID: Main > Start)")
    refused(deployed, play, pool)
    assert deployed.state() == before


@pytest.mark.parametrize("phase", ["data", "container"])
def test_a_pool_that_goes_away_meanwhile_is_not_written_to_either(deployed: UnraidServer, phase: str) -> None:
    deployed.sh("/etc/rc.d/rc.pool stop")
    try:
        # As if it had gone away after the host was looked at.
        start = "Ask whether the pool is still mounted"
        play = deployed.play("deploy", "--tags", phase, "--start-at-task", f"preflight : {start}")
        assert deployed.sh("find /mnt -mindepth 1") == ""
    finally:
        deployed.sh("/etc/rc.d/rc.pool start")
    sign = "/mnt/nvme_cache is not a mounted pool (mount point: False; array Started, pool Unmounted)"
    refused(deployed, play, Fault("", sign, "start the array (unRAID: Main > Start)"))


def test_a_pool_that_only_looks_mounted_is_not_taken_for_one(deployed: UnraidServer) -> None:
    sign = "/var/local/emhttp/disks.ini"
    deployed.sh(f"sed -i.kept 's/Mounted/Unmounted/' {sign}")
    try:
        play = deployed.play("deploy")
    finally:
        deployed.sh(f"mv {sign}.kept {sign}")
    refused(deployed, play, Fault("", "mount point: True; array Started, pool Unmounted", "start the array"))


def test_an_engine_that_is_stopped_is_named_and_the_service_is_back_with_it(deployed: UnraidServer) -> None:
    deployed.sh("/etc/rc.d/rc.docker stop")
    try:
        play = deployed.play("deploy")
    finally:
        deployed.sh("/etc/rc.d/rc.docker start")
        deployed.wait_until_up()
        deployed.wait_until_ready()
    refused(deployed, play, Fault("", "no Docker engine answers", "start Docker (unRAID: Settings > Docker"))


def test_an_api_key_of_a_wrong_form_never_reaches_the_server(deployed: UnraidServer) -> None:
    before = deployed.state()
    play = deployed.play("deploy", stash_sense_stash_api_key="hidden key")
    refused(deployed, play, Fault("", "the API key of Stash has blanks or line breaks", "copy it again"))
    assert "hidden key" not in play.output
    assert deployed.state() == before
