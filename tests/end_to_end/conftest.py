"""One deployment for all tests: built from a copy of the working tree, with a database of real photos."""

from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from support.checkout import copy_checkout
from support.play import Play
from support.ports import free_port
from support.site import Site


@pytest.fixture(scope="session")
def site(
    repository: Path,
    models_dir: Path,
    engine: docker.DockerClient,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("site")
    checkout = copy_checkout(repository, home / "checkout")
    site = Site(checkout, models_dir, home, "stash-sense-e2e", free_port(), engine)
    site.remove()
    yield site
    site.remove()


@pytest.fixture(scope="session")
def dry_run(site: Site) -> Play:
    """What a dry run says before anything was deployed."""
    return site.play("deploy", "--check", "--diff")


@pytest.fixture(scope="session")
def deployment(site: Site, faces_dir: Path, dry_run: Play) -> Play:
    """The first one: image built, database made of the photos, container ready, photos asked about."""
    play = site.play(
        "demo",
        demo_photos_dir=str(faces_dir / "people"),
        demo_probe_dir=str(faces_dir / "probe"),
        demo_report=str(site.home / "demo.txt"),
    )
    assert play.status == 0, play.output
    return play


@pytest.fixture
def serve_module(site: Site) -> Iterator[Path]:
    """The module that starts the service, to be changed; its text is back afterwards."""
    module = site.checkout / "app/stash_sense/cli/serve.py"
    text = module.read_text()
    yield module
    module.write_text(text)


@pytest.fixture
def probe(faces_dir: Path, deployment: Play) -> Path:
    """The folder of photos to ask the deployed sidecar about."""
    return faces_dir / "probe"
