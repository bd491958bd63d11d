"""A real sidecar: its own process, listening on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from stash_sense.settings import Settings

START_SECONDS = 180


@dataclass(frozen=True)
class RunningSidecar:
    """Where it answers, its process, and what it has logged so far."""

    client: httpx.Client
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def address(self) -> str:
        return str(self.client.base_url).rstrip("/")

    def log(self) -> str:
        return self.log_file.read_text("utf-8")

    def hang_up(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def check(self, name: str) -> dict[str, str]:
        """One of the readiness checks."""
        checks = self.client.get("/ready").json()["checks"]
        return next(check for check in checks if check["name"] == name)


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without settings, plus these."""
    names = {name.upper() for name in Settings.model_fields}
    kept = {key: value for key, value in os.environ.items() if key not in names}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2]), **variables}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running_sidecar(variables: Mapping[str, str], log_file: Path) -> Iterator[RunningSidecar]:
    """Start ``stash-sense serve`` and wait until nothing is "starting" any more."""
    port = free_port()
    variables = {**variables, "HOST": "127.0.0.1", "PORT": str(port)}
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "stash_sense", "serve"],
            env=environment(variables),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            sidecar = RunningSidecar(client, process, log_file)
            _wait_until_started(sidecar)
            yield sidecar
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_started(sidecar: RunningSidecar) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if sidecar.process.poll() is not None:
            break
        try:
            checks = sidecar.client.get("/ready").json()["checks"]
        except httpx.TransportError:
            checks = [{"state": "starting"}]
        if all(check["state"] != "starting" for check in checks):
            return
        time.sleep(0.1)
    raise AssertionError(f"the sidecar did not start:\n{sidecar.log()}")
