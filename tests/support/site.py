"""A site of its own to deploy to on this machine's engine: a checkout, a name, a port and directories."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import requests
from docker.models.containers import Container
from docker.models.images import Image

from support.play import Play, playing
from support.sidecar import identify


@dataclass
class Site:
    """Deploys from ``checkout`` under ``name``; a sidecar that this machine already runs is left alone."""

    checkout: Path
    models_dir: Path
    home: Path
    name: str
    port: int
    engine: docker.DockerClient

    def play(self, playbook: str, *options: str, **variables: str) -> Play:
        """Run ``playbooks/<playbook>.yml`` against inventories/local with this site's names."""
        given = {
            "stash_sense_name": self.name,
            "stash_sense_repository": self.name,
            "stash_sense_host_port": str(self.port),
            "stash_sense_appdata": str(self.home / "appdata"),
            "demo_database": str(self.home / "database"),
            "models_dir": str(self.models_dir),
            **variables,
        }
        extra = [word for name, value in given.items() for word in ("-e", f"{name}={value}")]
        words = ["-i", "inventories/local", f"playbooks/{playbook}.yml", *options, *extra]
        with playing(self.checkout, words) as process:
            return Play.of(process)

    @property
    def container(self) -> Container:
        return self.engine.containers.get(self.name)

    @property
    def image(self) -> Image:
        """The image that the container runs."""
        return self.engine.images.get(self.container.attrs["Image"])

    @property
    def started(self) -> tuple[str, str]:
        """Which container it is, and since when it runs: equal for one that nobody touched."""
        return self.container.id, self.container.attrs["State"]["StartedAt"]

    def get(self, path: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=30)

    def health(self, patience: float = 30) -> str:
        """The engine's own verdict, once it has one; the start's time of grace is waited for."""
        deadline = time.monotonic() + patience
        while (status := self.container.attrs["State"]["Health"]["Status"]) == "starting":
            assert time.monotonic() < deadline, "no health check has run"
            time.sleep(1)
        return status

    def identify(self, photo: Path) -> list[dict[str, Any]]:
        """The faces of ``photo`` as POST /identify answers them, left to right."""
        return identify(self.port, photo)

    def remove(self) -> None:
        """Remove the containers, images and directories that this site made."""
        for container in self.engine.containers.list(all=True, filters={"name": self.name}):
            container.remove(force=True)
        for image in self.engine.images.list(name=self.name):
            self.engine.images.remove(image.id, force=True)
