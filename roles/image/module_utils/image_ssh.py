"""A server by ssh: its engine, and a way back from it to a port of this machine."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ansible.module_utils.image_faults import CarryError
from ansible.module_utils.image_processes import bound, ended, last_line, running

# A dead link is noticed within half a minute; a question for a password would wait for ever.
_CAREFUL = [
    *("-o", "BatchMode=yes", "-o", "ServerAliveInterval=10", "-o", "ServerAliveCountMax=3"),
    *("-o", "ControlMaster=no", "-o", "ControlPath=none"),
]
_ALLOCATED = re.compile(r"Allocated port (\d+) for remote forward")
_PATIENCE_S = 30


@dataclass(frozen=True)
class Server:
    """A server by its address, ``ssh://[user@]host[:port]``."""

    address: str

    def command(self, *options: str) -> list[str]:
        """ssh to it, with the system's client and configuration."""
        parts = urlsplit(self.address)
        user = ("-l", parts.username) if parts.username else ()
        port = ("-p", str(parts.port)) if parts.port else ()
        return ["ssh", *_CAREFUL, *options, *user, *port, str(parts.hostname)]

    @contextlib.contextmanager
    def engine(self, folder: Path) -> Iterator[str]:
        """The address of a socket in ``folder`` behind which the server's engine answers.

        Each connection is one ssh that runs Docker's own client there, so no port and no socket is forwarded.
        """
        path = folder / "engine.sock"
        processes: list[subprocess.Popen[bytes]] = []
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()

            def accept() -> None:
                with contextlib.suppress(OSError), (folder / "engine.log").open("wb") as log:
                    while True:
                        connection, _ = listener.accept()
                        with connection:
                            command = bound([*self.command(), "docker", "system", "dial-stdio"])
                            processes.append(
                                subprocess.Popen(command, stdin=connection, stdout=connection, stderr=log)
                            )

            threading.Thread(target=accept, daemon=True).start()
            try:
                yield f"unix://{path}"
            finally:
                with contextlib.suppress(OSError):
                    listener.shutdown(socket.SHUT_RDWR)
                for process in processes:
                    ended(process)

    @contextlib.contextmanager
    def tunnel_to(self, port: int, folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
        """Let the server reach 127.0.0.1:``port`` of this machine; yields its port and the ssh process."""
        log = folder / "tunnel.log"
        command = self.command(
            *("-N", "-o", "ExitOnForwardFailure=yes", "-o", "LogLevel=INFO"),
            *("-R", f"127.0.0.1:0:127.0.0.1:{port}"),
        )
        with log.open("wb") as output, running(command, output) as process:
            deadline = time.monotonic() + _PATIENCE_S
            while not (allocated := _ALLOCATED.search(log.read_text(errors="replace"))):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise CarryError(
                        f"{self.address} gives no tunnel back to this machine: {last_line(log)}",
                        "an ssh server that forwards ports (AllowTcpForwarding yes)",
                        "allow it on the server (unRAID: /boot/config/ssh/sshd_config, rc.sshd restart),"
                        " or carry the image in one piece: image_transfer: archive",
                    )
                time.sleep(0.05)
            yield int(allocated[1]), process
