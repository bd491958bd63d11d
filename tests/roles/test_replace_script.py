"""One container replaces another on the host alone: nobody has to be there to bring the old one back."""

import base64
import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.models.containers import Container
from support.ports import free_port
from support.unraid_host import base_image

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def images(repository: Path, engine: docker.DockerClient) -> Iterator[str]:
    """`NAME:old` and `NAME:new`, in which the stand-in of molecule/stand-in can run. Gives NAME."""
    name = f"replace-{os.getpid()}"
    base = base_image(repository)
    for tag in ("old", "new"):
        made = engine.containers.create(base, ["true"])
        made.commit(name, tag, message=tag)
        made.remove()
    yield name
    for image in engine.images.list(name=name):
        engine.images.remove(image.id, force=True)


class Host:
    """An engine on which one container serves and another waits to take over."""

    def __init__(self, repository: Path, engine: docker.DockerClient, images: str) -> None:
        self.engine, self.images = engine, images
        self.script = repository / "roles/container/files/replace.sh"
        self.server = repository / "molecule/stand-in/server.pl"
        self.name, self.port = f"replace-{os.getpid()}-{time.monotonic_ns()}", free_port()

    def make(self, suffix: str, behaviour: str, image: str) -> Container:
        # Both under the one name that moves, as a deployment does it.
        self.engine.images.get(f"{self.images}:{image}").tag(self.images, "latest")
        return self.engine.containers.create(
            f"{self.images}:latest",
            ["perl", "/server.pl"],
            name=self.name + suffix,
            environment={"BEHAVIOUR": behaviour},
            ports={"5000/tcp": ("127.0.0.1", self.port)},
            volumes=[f"{self.server}:/server.pl:ro"],
        )

    def command(self, verb: str, client: str = "docker") -> list[str]:
        url = f"http://127.0.0.1:{self.port}/ready"
        # The smallest shell; the scenarios and the server's tests run it under others.
        return ["busybox", "sh", str(self.script), verb, self.name, client, url, "4", "1", "", "1"]

    def run(self, verb: str, client: str = "docker") -> dict[str, Any]:
        done = subprocess.run(self.command(verb, client), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    @property
    def containers(self) -> dict[str, str]:
        """By name, without what all names begin with, whether they run."""
        found = self.engine.containers.list(all=True, filters={"name": self.name})
        return {str(c.name).removeprefix(self.name): c.status for c in found}

    @property
    def meant(self) -> str:
        """The image that the moving name stands for."""
        return str(self.engine.images.get(f"{self.images}:latest").id)

    @property
    def serves(self) -> str:
        return str(self.engine.containers.get(self.name).id)

    def remove(self) -> None:
        for container in self.engine.containers.list(all=True, filters={"name": self.name}):
            container.remove(force=True)


@pytest.fixture
def host(repository: Path, engine: docker.DockerClient, images: str) -> Iterator[Host]:
    host = Host(repository, engine, images)
    try:
        yield host
    finally:
        host.remove()


@pytest.fixture
def serving(host: Host) -> Container:
    container = host.make("", "ready", "old")
    container.start()
    return container


@pytest.mark.parametrize(
    ("behaviour", "verdict"), [("ready", "ready"), ("ending", "ended"), ("refusing", "refused")]
)
def test_what_does_not_get_ready_gives_way_to_the_one_before(
    host: Host, serving: Container, behaviour: str, verdict: str
) -> None:
    before = host.meant
    new = host.make("-next", behaviour, "new")
    came = host.run("swap")
    assert came["verdict"] == verdict
    if verdict == "ready":
        assert (came["back"], host.serves) == ("", new.id)
        assert host.containers == {"": "running", "-previous": "exited"}
    else:
        assert (came["back"], host.serves) == ("ready", serving.id)
        assert host.containers == {"": "running", "-failed": "exited"}
        # Else the server's own page would make the next container from the image that failed.
        assert host.meant == before


def test_where_nobody_served_before_nobody_is_brought_back(host: Host) -> None:
    host.make("-next", "ending", "new")
    assert host.run("swap")["back"] == "none"
    assert host.containers == {"-failed": "exited"}


def test_whoever_waited_is_gone_and_the_old_one_comes_back_all_the_same(
    host: Host, serving: Container
) -> None:
    host.make("-next", "starting", "new")
    # As sshd does when the connection is cut: the terminal goes, and the session is told by a signal.
    outer, inner = pty.openpty()
    process = subprocess.Popen(
        host.command("swap"), stdin=inner, stdout=inner, stderr=inner, start_new_session=True
    )
    os.close(inner)
    while "-previous" not in host.containers:
        time.sleep(0.1)
    os.close(outer)
    os.killpg(process.pid, signal.SIGHUP)


@pytest.mark.parametrize("refused", ["rename", "stop"])
def test_an_engine_that_refuses_a_step_leaves_the_old_one_serving_and_says_why(
    host: Host, serving: Container, tmp_path: Path, refused: str
) -> None:
    host.make("-next", "ready", "new")
    client = tmp_path / "docker"
    # Once; then it does it again.
    client.write_text(
        f'#!/bin/sh\n[ "$1" != {refused} ] || [ -e {tmp_path}/told ] || '
        f"{{ touch {tmp_path}/told; echo 'cannot {refused}' >&2; exit 1; }}\nexec docker \"$@\"\n"
    )
    client.chmod(0o755)
    came = host.run("swap", str(client))
    assert (came["verdict"], came["back"]) == ("immovable", "ready")
    assert base64.b64decode(came["error"]).decode() == f"cannot {refused}\n"
    assert host.containers == {"": "running", "-failed": "created"}
    assert host.serves == serving.id


def test_a_power_cut_while_the_old_one_comes_back_is_healed_with_it_serving(
    host: Host, serving: Container
) -> None:
    host.make("-failed", "ready", "new")
    serving.stop(timeout=1)
    host.run("heal")
    assert host.containers == {"": "running"}
