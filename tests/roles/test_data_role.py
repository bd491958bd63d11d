"""Data releases on this machine, with a stand-in for the sidecar that is told of them."""

import json
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest
import requests
from docker.models.containers import Container
from support.database_files import made_up_database, release_name
from support.play import Play
from support.ports import free_port
from support.role import play_role
from support.unraid_host import base_image

IMAGE = "stash-sense-stand-in:roles"
# It begins to answer when it has been running for a while, as one that loads much.
LATE = ["sh", "-c", "sleep 2; exec perl /server.pl"]


@dataclass
class Sidecar:
    """A data directory, the container that reads it, and the role that brings releases there."""

    repository: Path
    folder: Path
    container: Container
    port: int

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ready"

    def serves(self) -> str | None:
        """The version of what it serves, once it answers at all."""
        while True:
            with suppress(requests.ConnectionError):
                loaded: dict[str, str] | None = requests.get(self.url, timeout=10).json()["database"]
                return loaded["version"] if loaded else None

    def current(self) -> str:
        return (self.data / "current").readlink().name

    def bring(self, source: Path, *options: str, told: bool = True, **variables: object) -> Play:
        """Bring a release; a run that tells nobody leaves what one leaves that is killed before it could."""
        given: dict[str, object] = {
            "data_dir": str(self.data),
            "data_source": str(source),
            "data_container": str(self.container.name) if told else "",
            "data_ready_url": self.url,
            "data_swap_timeout": 3,
        }
        entries = ("main", "settle")
        return play_role(
            self.repository, self.folder, "data", *options, tasks_from=entries, **given | variables
        )

    def brought(self, version: str, told: bool = True) -> str:
        """Bring one that has to arrive; gives its name."""
        source = made_up_database(self.folder / version, version)
        play = self.bring(source, told=told)
        assert play.status == 0, play.output
        return release_name(source)


@pytest.fixture(scope="module")
def image(repository: Path, engine: docker.DockerClient) -> str:
    arguments = {"BASE_IMAGE": base_image(repository), "BEHAVIOUR": "ready"}
    engine.images.build(path=str(repository / "molecule/stand-in"), tag=IMAGE, buildargs=arguments, rm=True)
    return IMAGE


@pytest.fixture
def sidecar(repository: Path, engine: docker.DockerClient, image: str, tmp_path: Path) -> Iterator[Sidecar]:
    (tmp_path / "data").mkdir()
    port, volume = free_port(), f"{tmp_path}/data:/data"
    container = engine.containers.create(
        image,
        name=f"stash-sense-data-{uuid.uuid4().hex[:8]}",
        ports={5000: ("127.0.0.1", port)},
        volumes=[volume],
    )
    container.start()
    try:
        yield Sidecar(repository, tmp_path, container, port)
    finally:
        container.remove(force=True)


def said(play: Play) -> str:
    return " ".join(play.output.split())


def test_a_release_of_whose_verdict_nobody_heard_is_taken_or_taken_back_by_the_next_run(
    sidecar: Sidecar,
) -> None:
    first = sidecar.brought("1.0")
    good = sidecar.brought("2.0", told=False)
    assert (sidecar.current(), sidecar.serves()) == (good, "1.0")
    dry = sidecar.bring(sidecar.folder / "2.0", "--check")
    assert f"current: {first} -> {good}, without a restart" in said(dry)
    play = sidecar.bring(sidecar.folder / "2.0")
    assert (play.status, sidecar.serves()) == (0, "2.0"), play.output
    assert play.changed > 0

    bad = sidecar.brought("3.0-refuse", told=False)
    # Also by a run that brings nothing.
    play = sidecar.bring(Path(), data_source="")
    assert play.status != 0
    assert f"the sidecar did not take {bad}: 2.0 goes on answering" in said(play)
    assert f"check-database {sidecar.data}/releases/{bad}" in said(play)
    assert (sidecar.current(), sidecar.serves()) == (good, "2.0")


def test_a_sidecar_that_began_with_such_a_release_gets_back_what_served_before(sidecar: Sidecar) -> None:
    good = sidecar.brought("1.0")
    bad = sidecar.brought("2.0-refuse", told=False)
    sidecar.container.restart(timeout=0)
    assert sidecar.serves() is None
    play = sidecar.bring(sidecar.folder / "2.0-refuse")
    assert play.status != 0
    assert f"the sidecar did not take {bad}" in said(play)
    assert (sidecar.current(), sidecar.serves()) == (good, "1.0")


def test_a_sidecar_that_answers_late_is_told_all_the_same(
    sidecar: Sidecar, engine: docker.DockerClient, image: str
) -> None:
    name = "1.0-00000000"
    made_up_database(sidecar.data / "releases" / name, "1.0")
    (sidecar.data / "current").symlink_to(f"releases/{name}")
    late = engine.containers.run(
        image,
        LATE,
        entrypoint="",
        detach=True,
        ports={5000: ("127.0.0.1", free_port())},
        volumes=[f"{sidecar.data}:/data"],
    )
    try:
        late.reload()
        port = late.ports["5000/tcp"][0]["HostPort"]
        script = sidecar.repository / "roles/data/files/swap.sh"
        url = f"http://127.0.0.1:{port}/ready"
        done = subprocess.run(
            ["sh", script, "docker", str(late.name), url, "10", name], capture_output=True, text=True
        )
    finally:
        late.remove(force=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    assert (answer["verdict"], answer["serves"]) == ("swapped", name)


def test_flat_files_that_the_sidecar_does_not_take_as_a_release_are_used_as_they_were(
    sidecar: Sidecar,
) -> None:
    made_up_database(sidecar.folder / "flat", "1.0-refuse")
    for file in (sidecar.folder / "flat").iterdir():
        file.rename(sidecar.data / file.name)
    before = sorted(path.name for path in sidecar.data.iterdir())
    play = sidecar.bring(Path(), data_source="")
    assert play.status != 0
    assert "the sidecar did not take the adopted 1.0-refuse-" in said(play)
    assert "face_arcface.voy of 1.0-refuse is damaged" in said(play)
    assert sorted(path.name for path in sidecar.data.iterdir()) == sorted([*before, "releases"])


def test_a_dry_run_knows_that_flat_files_are_the_release_that_is_wanted(sidecar: Sidecar) -> None:
    source = made_up_database(sidecar.folder / "source", "1.0")
    for file in source.iterdir():
        (sidecar.data / file.name).write_bytes(file.read_bytes())
    dry = sidecar.bring(source, "--check")
    assert dry.status == 0, dry.output
    assert f"would become its first release, without being sent: {release_name(source)}" in said(dry)
    assert "would be put beside" not in said(dry)
    assert "without a restart" not in said(dry)

    (sidecar.data / "performers.json").write_text("changed by hand")
    refused = sidecar.bring(source, "--check")
    assert refused.status != 0
    assert "is not what its manifest.json says: performers.json (another sha256)" in said(refused)
