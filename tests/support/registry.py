"""A real registry on this machine: Debian's docker-registry, with an account."""

import contextlib
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

from support.ports import free_port

CONFIG = """\
version: 0.1
log: {{level: warn}}
storage:
  filesystem: {{rootdirectory: {folder}/data}}
http: {{addr: 127.0.0.1:{port}}}
auth:
  htpasswd: {{realm: test, path: {folder}/htpasswd}}
"""
# The user and the password below, as `htpasswd -B` writes them.
ACCOUNT = "robot:$2y$05$SrHoQqYuBmU4Vwi/1FDHFOPX/0tjBM6X3Q9azFsG2dF83s7L4f0UW"
# What it says about each answer that it gave.
ANSWER = re.compile(r'"(\w+) (\S+) HTTP/1\.1" \d+ (\d+)')


@dataclass(frozen=True)
class RealRegistry:
    """Serves 127.0.0.1:``port`` to ``user`` with ``password``."""

    folder: Path
    port: int
    user: str = "robot"
    password: str = "hush-hush-registry"

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answered(self, method: str, part: str) -> list[int]:
        """The sizes of all answers to ``method`` requests with ``part`` in their path, so far."""
        log = (self.folder / "log").read_text()
        return [int(size) for verb, path, size in ANSWER.findall(log) if verb == method and part in path]


@contextlib.contextmanager
def real_registry(folder: Path) -> Iterator[RealRegistry]:
    """Run one as long as the block runs."""
    folder.mkdir()
    (folder / "htpasswd").write_text(f"{ACCOUNT}\n")
    registry = RealRegistry(folder, free_port())
    (folder / "config.yml").write_text(CONFIG.format(folder=folder, port=registry.port))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["docker-registry", "serve", str(folder / "config.yml")],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"http://{registry.address}/v2/", timeout=5).status_code == 401:
                    break
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "the registry does not answer"
            time.sleep(0.1)
        yield registry
    finally:
        process.terminate()
        process.wait()
