"""One deployment at a time: who comes second learns who is there; who was killed keeps nobody waiting."""

import base64
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.unraid import UnraidServer

LOCK = "/tmp/stash-sense.lock"
# The stand-in for nvidia-smi reads it, while preflight looks at the host.
GATE = Path("/run/nvidia-smi/memory.free")
# It is the beginning that matters here.
SHORT = ("--tags", "preflight")
# As of a run on another machine, which nobody here can look at.
ELSEWHERE = {
    "who": "anna@elsewhere",
    "what": "Deploy Stash Sense",
    "since": 1,
    "process": {"system": "0123456789abcdef", "pid": 4711, "began": "1"},
}


@pytest.fixture(autouse=True)
def nobody_waits_afterwards(server: UnraidServer) -> Iterator[None]:
    yield
    server.sh(f"rm -f {LOCK}")


@pytest.fixture
def first(deployed: UnraidServer) -> Iterator[subprocess.Popen[str]]:
    """A deployment that has the lock, and waits until something is written to GATE."""
    deployed.sh(f"mkdir -p {GATE.parent} && mkfifo {GATE}")
    with deployed.playing("deploy", *SHORT) as first:
        deadline = time.monotonic() + 120
        while not holder(deployed):
            assert first.poll() is None, "it did not wait"
            assert time.monotonic() < deadline, "the lock was never taken"
            time.sleep(0.3)
        yield first
    deployed.sh(f"rm -f {GATE}")


def open_gate(server: UnraidServer) -> None:
    """Let whoever waits there go on: nvidia-smi is asked twice."""
    server.sh(f"for _ in 1 2; do timeout 20 sh -c 'echo 7800 >{GATE}'; done; rm {GATE}")


def holder(server: UnraidServer) -> str:
    return server.sh(f"head -n 1 {LOCK} 2>/dev/null || true")


def locked_elsewhere(server: UnraidServer, script: Path) -> None:
    """Take the lock in the name of a run on another machine."""
    info = base64.b64encode(json.dumps(ELSEWHERE).encode()).decode()
    done = server.ssh.run(f"sh -s take {LOCK} anna@elsewhere-4711 {info} -", script.read_text())
    assert json.loads(done.stdout)["state"] == "taken"


def test_of_two_deployments_at_once_one_is_refused_and_told_by_whom(
    deployed: UnraidServer, first: subprocess.Popen[str]
) -> None:
    second = deployed.play("deploy")
    assert second.status != 0
    said = " ".join(second.output.split())
    assert "unraid is locked by " in said
    assert f"process {first.pid} there" in said
    assert "remedy: wait until it is done" in said
    assert "Look at the host" not in second.output
    open_gate(deployed)
    output, _ = first.communicate()
    assert first.returncode == 0, output
    assert holder(deployed) == ""


def test_a_killed_deployment_keeps_nobody_waiting(
    deployed: UnraidServer, first: subprocess.Popen[str]
) -> None:
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    open_gate(deployed)
    assert holder(deployed) != ""
    play = deployed.play("deploy", *SHORT)
    assert play.status == 0, play.output
    assert "Take it from a run that was killed" in play.output
    assert holder(deployed) == ""


def test_another_machines_lock_is_broken_by_its_name_only(deployed: UnraidServer, repository: Path) -> None:
    locked_elsewhere(deployed, repository / "roles/lock/files/lock.sh")
    dry = deployed.play("deploy", "--check", *SHORT)
    assert dry.status == 0, dry.output
    assert "a real run would be refused" in " ".join(dry.output.split())
    play = deployed.play("deploy", *SHORT, lock_break="anna@elsewhere")
    assert play.status != 0
    said = " ".join(play.output.split())
    assert 'locked by anna@elsewhere ("Deploy Stash Sense", process 4711 there)' in said
    assert "-e lock_break=anna@elsewhere-4711" in said
    play = deployed.play("deploy", *SHORT, lock_break="anna@elsewhere-4711")
    assert play.status == 0, play.output
    assert holder(deployed) == ""


def test_a_power_cut_leaves_no_lock_and_the_service_is_back(deployed: UnraidServer, repository: Path) -> None:
    locked_elsewhere(deployed, repository / "roles/lock/files/lock.sh")
    deployed.power_cut()
    deployed.wait_until_ready()
    assert holder(deployed) == ""
