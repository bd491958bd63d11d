"""One image for all tests of its properties, built from a copy of the working tree."""

from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from docker.models.images import Image
from support.builds import REVISION, TAG, VERSION, Run, build_cpu_image
from support.checkout import copy_checkout, lay_out_models


@pytest.fixture(scope="session")
def context(repository: Path, models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    checkout = copy_checkout(repository, tmp_path_factory.mktemp("image") / "checkout")
    lay_out_models(models_dir, checkout)
    return checkout


@pytest.fixture(scope="session")
def image(repository: Path, context: Path, engine: docker.DockerClient) -> Iterator[Image]:
    build_cpu_image(repository, context, TAG, VERSION=VERSION, REVISION=REVISION)
    yield engine.images.get(TAG)
    engine.images.remove(TAG)


@pytest.fixture(scope="session")
def run(engine: docker.DockerClient, image: Image) -> Run:
    """Runs a shell command in a new container of the image and returns its output."""

    def run(command: str, **options: object) -> str:
        output = engine.containers.run(
            image.id, ["sh", "-c", command], remove=True, stdout=True, stderr=True, **options
        )
        return output.decode().strip()

    return run
