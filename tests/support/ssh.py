"""Keys of its own for a test server, and an ssh that knows them; nothing of the person who runs the tests."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

# Any other address is unreachable, so that a test that forgot to replace one fails instead of asking around.
CONFIG = """\
Host 127.0.0.1
  Port {port}
  User root
  IdentityFile {folder}/key
  IdentitiesOnly yes
  UserKnownHostsFile {folder}/known_hosts
  StrictHostKeyChecking yes
  ConnectTimeout 10
  # One connection for everything: every call of the Docker client would make its own.
  ControlMaster auto
  ControlPath {folder}/cp/%C
  ControlPersist 60
  LogLevel ERROR
Host !127.0.0.1 *
  ProxyCommand false
"""


@dataclass(frozen=True)
class SshAccess:
    """How this machine reaches root of one test server on 127.0.0.1:``port``."""

    folder: Path
    port: int

    @classmethod
    def make(cls, folder: Path, port: int) -> "SshAccess":
        """Lay out a key pair, the configuration, and programs that use them."""
        access = cls(folder, port)
        access.programs.mkdir(parents=True)
        access.sockets.mkdir()
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", folder / "key"], check=True
        )
        (folder / "config").write_text(CONFIG.format(port=port, folder=folder))
        for name in ("ssh", "scp", "sftp"):
            program = access.programs / name
            program.write_text(f'#!/bin/sh\nexec /usr/bin/{name} -F {folder}/config "$@"\n')
            program.chmod(0o755)
        return access

    @property
    def programs(self) -> Path:
        """To come first on PATH."""
        return self.folder / "bin"

    @property
    def sockets(self) -> Path:
        """For connections that are kept open."""
        return self.folder / "cp"

    @property
    def public_key(self) -> str:
        return (self.folder / "key.pub").read_text().strip()

    def trust(self, host_key: str) -> None:
        """Know the server by its public key from now on."""
        kind, key, *_ = host_key.split()
        (self.folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {kind} {key}\n")

    def run(self, command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a shell command on the server."""
        ssh = [self.programs / "ssh", "127.0.0.1", command]
        return subprocess.run(ssh, input=stdin, capture_output=True, text=True)

    def forward_back(self, port: int) -> subprocess.Popen[bytes]:
        """Let the server's 127.0.0.1:``port`` lead here as long as the returned process runs."""
        tunnel = subprocess.Popen(
            [
                # Of its own: the connection that is kept for everything ends when it is idle for a while.
                *(self.programs / "ssh", "-N", "-o", "ControlMaster=no", "-o", "ControlPath=none"),
                *("-o", "ExitOnForwardFailure=yes"),
                *("-R", f"127.0.0.1:{port}:127.0.0.1:{port}", "127.0.0.1"),
            ],
            stdin=subprocess.DEVNULL,
        )
        listening = f"grep -qi ' 0100007F:{port:04X} 00000000:0000 0A' /proc/net/tcp"
        deadline = time.monotonic() + 10
        while self.run(listening).returncode:
            assert tunnel.poll() is None, f"port {port} cannot be forwarded"
            assert time.monotonic() < deadline, f"port {port} is not forwarded"
            time.sleep(0.1)
        return tunnel

    def hang_up(self) -> None:
        """End the connections that Ansible keeps open, so that none outlives the server behind it."""
        for socket in self.sockets.iterdir():
            subprocess.run(
                [self.programs / "ssh", "-o", f"ControlPath={socket}", "-O", "exit", "127.0.0.1"],
                capture_output=True,
            )
            socket.unlink(missing_ok=True)
