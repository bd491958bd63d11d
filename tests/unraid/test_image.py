"""The image's way to the server: by ssh, by a registry, in one piece."""

import os
import re
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
from support.play import Play
from support.processes import command_lines, parent, pids_of
from support.registry import RealRegistry, real_registry
from support.role import play_role, playing_role
from support.unraid import UnraidServer
from support.unraid_host import base_image

MIB = 2**20
PASSWORD = RealRegistry.password


@dataclass
class Images:
    """Images of this machine's engine to send, each with one layer of its own on the same base."""

    engine: docker.DockerClient
    base: str
    repository: str

    def make(self, tag: str, mib: int) -> str:
        """Have an image with ``mib`` of bytes that cannot be compressed; returns its id."""
        container = self.engine.containers.create(
            self.base, ["sh", "-c", f"head -c {mib * MIB} /dev/urandom > /weight"]
        )
        try:
            container.start()
            container.wait()
            image: str = container.commit(self.repository, tag).id
        finally:
            container.remove(force=True)
        return image


@pytest.fixture(scope="module")
def images(engine: docker.DockerClient, server: UnraidServer, repository: Path) -> Iterator[Images]:
    images = Images(engine, base_image(repository), f"carried-{uuid.uuid4().hex[:8]}")
    yield images
    for client in (engine, server.docker):
        for image in client.images.list():
            for tag in image.tags:
                if images.repository in tag:
                    client.images.remove(tag, force=True)


@pytest.fixture
def variables(server: UnraidServer, images: Images, repository: Path, tmp_path: Path) -> dict[str, object]:
    return {
        "image_root": str(repository),
        "image_version": "1.0",
        "image_log": str(tmp_path / "build.log"),
        "image_build": False,
        "image_repository": images.repository,
        "image_target": f"ssh://root@127.0.0.1:{server.ssh.port}",
        "image_registry_storage": str(server.home / "registry"),
    }


@pytest.fixture
def carry(
    server: UnraidServer, images: Images, repository: Path, tmp_path: Path, variables: dict[str, object]
) -> Callable[..., Play]:
    def carry(tag: str, transfer: str, *options: str, **given: object) -> Play:
        play = play_role(
            repository,
            tmp_path,
            "image",
            *options,
            environment=server.environment,
            **{
                **variables,
                "image_reference": f"{images.repository}:{tag}",
                "image_transfer": transfer,
                **given,
            },
        )
        assert PASSWORD not in play.output
        assert not pids_of(str(server.home / "registry")), "the registry outlived the transfer"
        assert not tunnels_to(server), "the tunnel outlived the transfer"
        return play

    return carry


def tunnels_to(server: UnraidServer) -> list[int]:
    """The processes by which the server reaches a port of this machine; not other servers'."""
    return pids_of("127.0.0.1:0:127.0.0.1:", f"-p {server.ssh.port} ")


def names_on(server: UnraidServer, repository: str) -> dict[str, str]:
    """tag -> image id of all names of the repository on the server, and of those of a transfer."""
    return {
        tag.rpartition(":")[2] if "in-transit" not in tag else tag: str(image.id)
        for image in server.docker.images.list()
        for tag in image.tags
        if repository in tag
    }


def sent(play: Play) -> int:
    (line,) = [line for line in play.output.splitlines() if " were sent in " in line]
    return int(line.split(" bytes ")[0].split()[-1])


def test_by_ssh_only_what_the_server_lacks_travels(
    server: UnraidServer, images: Images, carry: Callable[..., Play]
) -> None:
    one, two = images.make("one", 3), images.make("two", 1)
    dry = carry("one", "ssh", "--check", "--diff")
    assert (dry.status, dry.changed > 0) == (0, True), dry.output
    assert names_on(server, images.repository) == {}

    play = carry("one", "ssh")
    assert play.status == 0, play.output
    whole = sent(play)
    assert whole > 3 * MIB
    assert names_on(server, images.repository) == {"one": one}

    again = carry("one", "ssh")
    assert (again.status, again.changed) == (0, 0), again.output
    assert " were sent in " not in again.output

    # What the registry keeps is bounded; what was sent last stays.
    second = carry("two", "ssh", image_registry_limit_mib=1)
    assert MIB < sent(second) < 2 * MIB < whole
    assert names_on(server, images.repository) == {"one": one, "two": two}
    kept = server.home.glob("registry/data/docker/registry/v2/repositories/**/_manifests/tags/*")
    assert [tag.name for tag in kept] == ["two"]


@pytest.mark.parametrize("cut", ["the tunnel", "the module"])
def test_an_interrupted_transfer_moves_no_name_and_the_next_run_goes_on(
    server: UnraidServer,
    images: Images,
    carry: Callable[..., Play],
    repository: Path,
    tmp_path: Path,
    variables: dict[str, object],
    cut: str,
) -> None:
    tag = cut.replace("the ", "cut-")
    image = images.make(tag, 60)
    before = names_on(server, images.repository)
    with playing_role(
        repository,
        tmp_path,
        "image",
        environment=server.environment,
        **variables,
        image_reference=f"{images.repository}:{tag}",
        image_transfer="ssh",
    ) as process:
        deadline = time.monotonic() + 120
        while not (tunnels := tunnels_to(server)):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.02)
        # So that it cannot be done before it is cut.
        (registry,) = pids_of(str(server.home / "registry"))
        os.kill(registry, signal.SIGSTOP)
        time.sleep(1)
        # The module is what started the tunnel, and would have ended it.
        os.kill(tunnels[0] if cut == "the tunnel" else parent(tunnels[0]), signal.SIGKILL)
        os.kill(registry, signal.SIGCONT)
        output, _ = process.communicate()
    assert process.returncode != 0
    if cut == "the tunnel":
        assert re.search("ssh connection ended|gives no tunnel back", " ".join(output.split())), output
    while pids_of(str(server.home / "registry")) or tunnels_to(server):
        assert time.monotonic() < deadline, "something outlived the killed run"
        time.sleep(0.1)
    assert names_on(server, images.repository) == before

    play = carry(tag, "ssh")
    assert play.status == 0, play.output
    assert names_on(server, images.repository) == before | {tag: image}


def test_in_one_piece(server: UnraidServer, images: Images, carry: Callable[..., Play]) -> None:
    image = images.make("whole", 2)
    play = carry("whole", "archive", image_compress=True)
    assert play.status == 0, play.output
    assert sent(play) > 2 * MIB
    assert names_on(server, images.repository)["whole"] == image
    assert carry("whole", "archive").changed == 0


@pytest.fixture(scope="module")
def registry(server: UnraidServer) -> Iterator[RealRegistry]:
    """A registry with an account that both engines reach under the same address."""
    with real_registry(server.home / "with-account") as registry:
        server.open_tunnel(registry.port)
        yield registry
        server.close_tunnel(registry.port)


def test_by_a_registry_with_an_account(
    server: UnraidServer, images: Images, carry: Callable[..., Play], registry: RealRegistry
) -> None:
    image = images.make("pushed", 3)
    account = {
        "image_registry": registry.address,
        "image_registry_user": registry.user,
        "image_registry_password": PASSWORD,
    }
    before = names_on(server, images.repository)
    refused = carry(
        "pushed", "registry", "-vvv", **(account | {"image_registry_password": f"{PASSWORD}-not"})
    )
    assert refused.status != 0
    assert f"{registry.address} refuses" in refused.output
    assert "correct image_registry_user and image_registry_password" in " ".join(refused.output.split())
    assert names_on(server, images.repository) == before

    seen: set[str] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            seen.update(command_lines())

    watcher = threading.Thread(target=watch)
    watcher.start()
    play = carry("pushed", "registry", "-vvv", **account)
    done.set()
    watcher.join()
    assert play.status == 0, play.output
    assert any("dial-stdio" in line for line in seen), "nobody watched"
    assert not [line for line in seen if PASSWORD in line]
    assert names_on(server, images.repository) == before | {"pushed": image}
    # What the registry says that it sent, without what is too small to be a layer.
    assert sent(play) == sum(size for size in registry.answered("GET", "/blobs/") if size > MIB)
    assert server.sh("ls -a /root /root/.docker 2>/dev/null | grep -c config.json || :") == "0"

    # The moving name waits for the proof; then it is pushed once.
    latest = f"/v2/{images.repository}/manifests/latest"
    assert registry.answered("PUT", latest) == []
    for changed in (1, 0):
        again = carry("pushed", "registry", tasks_from=("main", "publish"), **account)
        assert (again.status, again.changed) == (0, changed), again.output
    assert len(registry.answered("PUT", latest)) == 1

    # The host gets back by a second run what it lost, and the registry is sent nothing.
    pushes = len(registry.answered("PUT", "/manifests/"))
    server.docker.images.remove(f"{images.repository}:pushed", force=True)
    assert carry("pushed", "registry", **account).status == 0
    assert names_on(server, images.repository)["pushed"] == image
    assert len(registry.answered("PUT", "/manifests/")) == pushes


@pytest.mark.parametrize("transfer", ["ssh", "archive", "registry"])
def test_a_full_store_of_the_engine_is_named_with_its_remedy_and_no_name_moves(
    server: UnraidServer, images: Images, carry: Callable[..., Play], registry: RealRegistry, transfer: str
) -> None:
    images.make("too-large", 8)
    before = names_on(server, images.repository)
    account: dict[str, object] = {}
    if transfer == "registry":
        account = {
            "image_registry": registry.address,
            "image_registry_user": registry.user,
            "image_registry_password": PASSWORD,
        }
    # Where an engine keeps what arrives until it is whole.
    server.sh("mount -t tmpfs -o size=2m tmpfs /var/lib/docker/tmp")
    try:
        play = carry("too-large", transfer, **account)
    finally:
        server.sh("umount /var/lib/docker/tmp")
    assert play.status != 0
    output = " ".join(play.output.split())
    assert f"the engine at ssh://root@127.0.0.1:{server.ssh.port} has no space left for" in output
    assert "remedy: `docker image prune` there, or make it larger (unRAID: Settings > Docker" in output
    assert names_on(server, images.repository) == before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"image_transfer": "registry", "image_registry": "127.0.0.1:9"},
            "127.0.0.1:9 is of no use for",
        ),
        (
            {"image_transfer": "ssh", "image_registry_program": "no-such-registry"},
            "apt-get install docker-registry",
        ),
        (
            {"image_transfer": "ssh", "image_reference": "no-such:image"},
            "has no image no-such:image",
        ),
        (
            {"image_transfer": "ssh", "image_target": "ssh://root@127.0.0.1:9"},
            "does not answer",
        ),
    ],
)
def test_what_keeps_it_from_travelling_is_named(
    server: UnraidServer, images: Images, carry: Callable[..., Play], given: dict[str, object], said: str
) -> None:
    images.make("stuck", 1)
    before = names_on(server, images.repository)
    options = dict(given)
    play = carry("stuck", str(options.pop("image_transfer")), **options)
    assert play.status != 0
    assert said in " ".join(play.output.split())
    assert "remedy:" in play.output
    assert names_on(server, images.repository) == before
