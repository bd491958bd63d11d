"""A replacement that is cut off anywhere is healed by the next run."""

import os
import signal
import time

import docker.errors
import pytest
from support.ports import free_port
from support.unraid import UnraidServer

from .switching import IMAGE, NAME, PHASES, containers, drift, inspected, let_latest_be, switch, template


def healed(server: UnraidServer, image: str, rate: str) -> None:
    """Deploy as if nothing had been; everything is as it would be then."""
    play = switch(server, stash_sense_rate_limit=rate)
    assert play.status == 0, play.output
    assert server.get("/ready").status_code == 200
    assert containers(server) == [NAME]
    assert inspected(server)["Image"] == image
    assert f">{rate}<" in template(server)
    assert drift(server) == []


@pytest.mark.parametrize(
    ("task", "rate"),
    [
        ("template : Put it in place", "1.5"),
        ("container : Make the new one beside the one that serves", "2.5"),
        ("container : Remove the old one", "4.5"),
    ],
)
def test_the_controller_is_killed(deployed: UnraidServer, task: str, rate: str) -> None:
    image = let_latest_be(deployed, f"killed-{rate}", "slow")
    with deployed.playing("deploy", *PHASES, stash_sense_rate_limit=rate) as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith(f"TASK [{task}"):
                # In the midst of it, not before it began.
                time.sleep(0.7)
                os.killpg(process.pid, signal.SIGKILL)
                break
        else:
            pytest.fail(f"{task} never came")
    healed(deployed, image, rate)


def wait_until_replacing(server: UnraidServer) -> None:
    deadline = time.monotonic() + 180
    while True:
        assert time.monotonic() < deadline
        try:
            server.docker.containers.get(f"{NAME}-previous")
            return
        except docker.errors.NotFound:
            time.sleep(0.05)


def test_nobody_waits_for_the_verdict_any_more_and_the_old_one_comes_back(deployed: UnraidServer) -> None:
    before, image = inspected(deployed)["Id"], inspected(deployed)["Image"]
    let_latest_be(deployed, "never", "starting")
    options = {"stash_sense_rate_limit": "3.5", "container_ready_timeout": "4"}
    with deployed.playing("deploy", *PHASES, **options) as process:
        wait_until_replacing(deployed)
        os.killpg(process.pid, signal.SIGKILL)
    # The connections are the killed run's, but outlive it for the next one.
    deployed.ssh.hang_up()
    deadline = time.monotonic() + 60
    while containers(deployed) != [NAME, f"{NAME}-failed"]:
        assert time.monotonic() < deadline, containers(deployed)
        time.sleep(0.2)
    deployed.wait_until_ready()
    assert inspected(deployed)["Id"] == before
    assert deployed.docker.images.get(IMAGE).id == image
    healed(deployed, image, "3.5")


def test_the_power_is_cut(deployed: UnraidServer) -> None:
    image = let_latest_be(deployed, "cut", "slow")
    with deployed.playing("deploy", *PHASES, stash_sense_rate_limit="6.5") as process:
        wait_until_replacing(deployed)
        deployed.power_cut()
        process.communicate()
    assert process.returncode != 0
    assert f"{NAME}-previous" in containers(deployed)
    # Somebody is served again, even where nothing can be deployed.
    refused = deployed.play("deploy", stash_sense_stash_url=f"http://127.0.0.1:{free_port()}")
    assert refused.status != 0
    assert "Stash" in refused.output
    assert containers(deployed) == [NAME]
    deployed.wait_until_ready()
    healed(deployed, image, "6.5")
