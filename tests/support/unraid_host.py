"""The container that is a server like unRAID: see molecule/unraid-host."""

import os
import shlex
import subprocess
from pathlib import Path

import docker
from docker.models.containers import Container

from support.ssh import SshAccess

# What --privileged would give, but for the one capability that no container may have here.
RIGHTS = """
  --cap-add ALL --cap-drop SYS_RESOURCE
  --security-opt seccomp=unconfined --security-opt systempaths=unconfined
  --device-cgroup-rule a\\ *:*\\ rwm --device /dev/fuse --device /dev/loop-control
  --volume /sys/fs/cgroup:/sys/fs/cgroup:rw
"""
# Disks outlive a power cut; memory, as on a real server, does not. /mnt always is a mount.
STORAGE = """
  --volume /disks --volume /var/lib/docker
  --tmpfs /mnt:exec --tmpfs /run:exec --tmpfs /tmp:exec --tmpfs /root:exec,mode=700 --tmpfs /var/local
"""
# The process of the tests that a host belongs to.
OWNER = "org.stash-sense.test.pid"


def _script(checkout: Path, name: str) -> str:
    command = [checkout / "scripts" / name]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def base_image(checkout: Path) -> str:
    """What every image of the tests is built on."""
    return _script(checkout, "base-image.sh")


def boot_host(
    engine: docker.DockerClient, checkout: Path, name: str, home: Path, access: SshAccess, port: int
) -> Container:
    """Start a server with fresh disks on this machine's ``engine``.

    It publishes ssh and ``port`` on 127.0.0.1, and leaves its engine's socket in ``home``/engine.
    """
    _remove_orphans(engine)
    (home / "engine").mkdir()
    # By command: the SDK knows no systempaths.
    subprocess.run(
        [
            *("docker", "run", "--detach", "--init", "--name", name, "--hostname", "Tower"),
            *shlex.split(RIGHTS + STORAGE),
            *("--label", f"{OWNER}={os.getpid()}", "--env", f"AUTHORIZED_KEY={access.public_key}"),
            *("--publish", f"127.0.0.1:{access.port}:22", "--publish", f"127.0.0.1:{port}:{port}"),
            *("--volume", f"{home}/engine:/outside"),
            _script(checkout, "unraid-host-image.sh"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return engine.containers.get(name)


def _remove_orphans(engine: docker.DockerClient) -> None:
    """Remove the servers of tests that were killed before they could do it."""
    for host in engine.containers.list(all=True, filters={"label": OWNER}):
        if not Path("/proc", host.labels[OWNER]).exists():
            host.remove(force=True, v=True)
