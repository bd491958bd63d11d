"""A registry of our own on this machine, as long as a transfer takes. Its storage is kept for the next."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ansible.module_utils.image_engine import TRANSIT
from ansible.module_utils.image_faults import CarryError
from ansible.module_utils.image_processes import last_line, running

_CONFIG = """\
version: 0.1
log: {{level: warn}}
storage:
  filesystem: {{rootdirectory: {storage}/data}}
  delete: {{enabled: true}}
http: {{addr: 127.0.0.1:{port}}}
"""
_PATIENCE_S = 30


@dataclass(frozen=True)
class Registry:
    """Debian's docker-registry (or another build of it: ``program``), with its data in ``storage``."""

    storage: Path
    program: str

    @contextlib.contextmanager
    def serving(self, keep: str, limit: int) -> Iterator[int]:
        """Run it; yields its port. One at a time: a second transfer waits.

        Args:
            keep: repository:tag of the image that stays in the storage, whatever its size.
            limit: above how many bytes the others go.
        """
        program = self._found()
        self.storage.mkdir(parents=True, exist_ok=True)
        with (self.storage / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            port = self._port()
            config = self.storage / "config.yml"
            config.write_text(_CONFIG.format(storage=self.storage, port=port))
            log = self.storage / "registry.log"
            try:
                with log.open("wb") as output, running([program, "serve", str(config)], output) as process:
                    self._wait(port, process, log)
                    yield port
            finally:
                if self.size() > limit:
                    self._trim(keep)

    def _trim(self, keep: str) -> None:
        repositories = self.storage / "data/docker/registry/v2/repositories"
        repository, _, tag = keep.rpartition(":")
        for found in repositories.glob(f"{TRANSIT}/**/_manifests/tags/*"):
            if found != repositories / TRANSIT / repository / "_manifests/tags" / tag:
                shutil.rmtree(found)
        for unfinished in repositories.glob(f"{TRANSIT}/**/_uploads"):
            shutil.rmtree(unfinished)
        subprocess.run(
            [self._found(), "garbage-collect", "--delete-untagged=true", str(self.storage / "config.yml")],
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )

    def size(self) -> int:
        """Bytes in the storage."""
        return sum(file.stat().st_size for file in self.storage.rglob("*") if file.is_file())

    def _found(self) -> str:
        for program in [self.program] if self.program else ["docker-registry", "registry"]:
            if path := shutil.which(program):
                return path
        raise CarryError(
            f"there is no {self.program or 'docker-registry'} on this machine's PATH",
            "a registry to send the image's layers through",
            "apt-get install docker-registry (or name another build of it as image_registry_program),"
            " or carry the image in one piece: image_transfer: archive",
        )

    def _port(self) -> int:
        """The same port every time, if it is free: by name and port the engine knows what it has sent."""
        kept = self.storage / "port"
        wanted = int(kept.read_text()) if kept.is_file() else 0
        try:
            listener = socket.create_server(("127.0.0.1", wanted))
        except OSError:
            listener = socket.create_server(("127.0.0.1", 0))
        with listener:
            port: int = listener.getsockname()[1]
        kept.write_text(str(port))
        return port

    @staticmethod
    def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/v2/")
                if connection.getresponse().status == 200:
                    return
            if process.poll() is not None or time.monotonic() > deadline:
                raise CarryError(
                    f"the registry on this machine does not start: {last_line(log)}",
                    "a registry that serves 127.0.0.1",
                    f"read {log}, or carry the image in one piece: image_transfer: archive",
                )
            time.sleep(0.05)
