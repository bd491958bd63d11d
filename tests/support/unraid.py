"""A server like unRAID to deploy to: ssh, an engine of its own, flash drive, pool, no Python."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import docker
import requests
from docker.models.containers import Container
from docker.models.images import Image

from support.play import Play, playing
from support.ports import free_port
from support.ssh import SshAccess
from support.unraid_host import base_image, boot_host

# The oldest engine that unRAID may have speaks this.
API = "1.41"

STATE = """
docker ps -a --no-trunc --format '{{.ID}} {{.Names}}' | sort
docker images --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}' | sort
find /mnt/nvme_cache/appdata /boot/config -printf '%p %s %l\\n' 2>/dev/null | sort
sha256sum /boot/config/plugins/dockerMan/templates-user/* /var/lib/docker/unraid-autostart 2>/dev/null
ls /tmp/*.lock 2>/dev/null || true
"""


class ServerError(Exception):
    """A command on the server failed; the message is what it printed."""


@dataclass
class UnraidServer:
    """Deploys from ``checkout`` with ``inventories/unraid``; only addresses and ports are replaced.

    Attributes:
        port: the sidecar's, published by the server and reached from this machine under the same number.
        home: a folder on this machine for the keys, the inventory and the server's engine socket.
        stash_url: Stash, as server and controller reach it.
        variables: of the inventory, beside addresses and ports; those given to a play come before them.
    """

    checkout: Path
    name: str
    home: Path
    port: int
    ssh: SshAccess
    host: Container
    docker: docker.DockerClient
    stash_url: str = ""
    appdata: str = "/mnt/nvme_cache/appdata/stash-sense"
    variables: dict[str, object] = field(default_factory=dict)
    tunnels: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    @classmethod
    def boot(cls, checkout: Path, outer: docker.DockerClient, name: str) -> "UnraidServer":
        """Start a new server; takes about 3 s."""
        # Short, for sockets lie in it: their paths may have 108 characters.
        home = Path(tempfile.mkdtemp(prefix="unraid-"))
        access = SshAccess.make(home / "ssh", free_port())
        port = free_port()
        host = boot_host(outer, checkout, name, home, access, port)
        engine = docker.DockerClient(base_url=f"unix://{home}/engine/docker.sock", version=API, timeout=120)
        server = cls(checkout, name, home, port, access, host, engine)
        try:
            server.wait_until_up()
        except BaseException:
            server.remove()
            raise
        return server

    def remove(self) -> None:
        """Remove the server with its disks, and everything that was kept about it on this machine."""
        for port in list(self.tunnels):
            self.close_tunnel(port)
        self.ssh.hang_up()
        self.docker.close()
        self.host.remove(force=True, v=True)
        shutil.rmtree(self.home)

    # -- what a person would do --

    def play(self, playbook: str, *options: str, **variables: object) -> Play:
        """Run ``playbooks/<playbook>.yml`` against inventories/unraid with this server's address."""
        with self.playing(playbook, *options, **variables) as process:
            return Play.of(process)

    def playing(
        self, playbook: str, *options: str, **variables: object
    ) -> AbstractContextManager[subprocess.Popen[str]]:
        """As ``play``, but while it runs; see ``support.play.playing``."""
        inventories = ["-i", "inventories/unraid", "-i", str(self.inventory())]
        extra = ["--extra-vars", json.dumps(variables)]
        words = [*inventories, f"playbooks/{playbook}.yml", *options, *extra]
        return playing(self.checkout, words, self.environment)

    @property
    def environment(self) -> dict[str, str]:
        """For commands on this machine that talk to the server: the ssh that knows it comes first on PATH."""
        return {
            **os.environ,
            "PATH": f"{self.ssh.programs}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.ssh.sockets),
        }

    def inventory(self) -> Path:
        """Write what is other than in inventories/unraid: addresses, ports, Stash, and ``variables``."""
        differences = {
            "ansible_host": "127.0.0.1",
            "ansible_port": self.ssh.port,
            "stash_sense_host_port": self.port,
            "stash_sense_stash_url": self.stash_url,
            **self.variables,
        }
        path = self.home / "hosts.yml"
        path.write_text(json.dumps({"stash_sense": {"hosts": {"unraid": differences}}}))
        return path

    def sh(self, command: str) -> str:
        """What ``command`` prints on the server, over ssh, without the last line's end.

        Raises:
            ServerError: it failed.
        """
        done = self.ssh.run(command)
        if done.returncode:
            raise ServerError(f"$ {command}\n{done.stdout}{done.stderr}")
        return done.stdout.rstrip("\n")

    def get(self, path: str, timeout: float = 30) -> requests.Response:
        """Ask the sidecar that the server publishes."""
        return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=timeout)

    @property
    def sidecar(self) -> Container:
        return self.docker.containers.get("stash-sense")

    @property
    def started(self) -> tuple[str, str]:
        """Which container it is, and since when it runs: equal for one that nobody touched."""
        return self.sidecar.id, self.sidecar.attrs["State"]["StartedAt"]

    def state(self) -> str:
        """Everything that a deployment may leave: containers, images, files of the pool and of dockerMan."""
        return self.sh(STATE)

    # -- what happens to a server --

    def wait_until_up(self, patience: float = 60) -> None:
        """Wait for ssh and the engine."""
        deadline = time.monotonic() + patience
        while True:
            log = self.host.logs(tail=20).decode()
            try:
                known = self.host.exec_run("cat /etc/ssh/ssh_host_ed25519_key.pub")
                if known.exit_code == 0:
                    self.ssh.trust(known.output.decode())
                self.sh("docker info")
                self.docker.ping()
                return
            except (ServerError, docker.errors.APIError, requests.ConnectionError, OSError) as error:
                if time.monotonic() > deadline:
                    raise ServerError(f"the server is not up after {patience} s: {error}\n{log}") from error
            time.sleep(0.2)

    def wait_until_ready(self, patience: float = 60) -> None:
        """Wait for the sidecar, which starts with the server."""
        deadline = time.monotonic() + patience
        while True:
            with contextlib.suppress(requests.ConnectionError):
                if self.get("/ready").status_code == 200:
                    return
            if time.monotonic() > deadline:
                raise ServerError(f"no sidecar is ready after {patience} s\n{self.sh('docker ps -a')}")
            time.sleep(0.2)

    def power_cut(self) -> None:
        """Take the power away in mid-work, and give it back: ssh, engine and tunnels are up afterwards."""
        self.ssh.hang_up()
        self.host.restart(timeout=0)
        self.wait_until_up()
        for port in list(self.tunnels):
            self.close_tunnel(port)
            self.open_tunnel(port)

    def open_tunnel(self, port: int) -> None:
        """Let 127.0.0.1:``port`` of the server be 127.0.0.1:``port`` of this machine."""
        self.tunnels[port] = self.ssh.forward_back(port)

    def close_tunnel(self, port: int) -> None:
        tunnel = self.tunnels.pop(port)
        tunnel.kill()
        tunnel.wait()

    # -- images --

    def release_image(
        self,
        tag: str,
        behaviour: str = "ready",
        repository: str = "carrotwaxr/stash-sense",
        on_host: bool = True,
    ) -> Image:
        """Have a stand-in for the sidecar as ``repository:tag`` on the server's engine.

        Each tag is another image; see molecule/stand-in for what a ``behaviour`` is. With ``on_host`` off it
        is made on this machine's engine alone, for transports to carry.
        """
        outer = docker.from_env(timeout=120)
        base = base_image(self.checkout)
        if on_host and not self.docker.images.list(name=base):
            # Once; all of them share it.
            self.docker.images.load(outer.images.get(base).save(named=base))
        image, _ = (self.docker if on_host else outer).images.build(
            path=str(self.checkout / "molecule/stand-in"),
            tag=f"{repository}:{tag}",
            buildargs={"BASE_IMAGE": base, "BEHAVIOUR": behaviour},
            labels={"org.opencontainers.image.version": tag},
            rm=True,
        )
        return image
