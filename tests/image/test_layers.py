"""A change of the application's code rebuilds and ships only the last layer."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from docker.models.images import Image
from support.builds import REVISION, VERSION, BuildError, build_cpu_image

CHANGED = "stash-sense-test:changed"


@pytest.fixture(scope="module")
def changed_context(context: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout again, with one line of the application changed."""
    changed = tmp_path_factory.mktemp("layers") / "checkout"
    shutil.copytree(context, changed)
    module = changed / "app/stash_sense/__init__.py"
    module.write_text(module.read_text() + "\nCHANGED = True\n")
    return changed


@pytest.fixture(scope="module")
def changed(repository: Path, changed_context: Path, engine: docker.DockerClient) -> Iterator[Image]:
    build_cpu_image(repository, changed_context, CHANGED, VERSION=VERSION, REVISION=REVISION)
    yield engine.images.get(CHANGED)
    engine.images.remove(CHANGED)


def layers(image: Image) -> list[str]:
    return image.attrs["RootFS"]["Layers"]


def test_all_layers_but_the_last_stay(image: Image, changed: Image) -> None:
    assert layers(changed)[:-1] == layers(image)[:-1]
    assert layers(changed)[-1] != layers(image)[-1]


def test_the_last_layer_is_a_few_mb(changed: Image, engine: docker.DockerClient) -> None:
    with_files = [entry for entry in engine.api.history(changed.id) if entry["Size"]]
    assert with_files[0]["CreatedBy"].startswith("COPY /app/stash_sense")
    assert with_files[0]["Size"] < 4_000_000


def test_building_the_same_again_gives_the_same_image(
    repository: Path, context: Path, image: Image, engine: docker.DockerClient
) -> None:
    build_cpu_image(repository, context, CHANGED + "-not", VERSION=VERSION, REVISION=REVISION)
    again = engine.images.get(CHANGED + "-not")
    engine.images.remove(CHANGED + "-not")
    assert again.id == image.id


def test_a_change_outside_the_application_changes_nothing(
    repository: Path, context: Path, image: Image, engine: docker.DockerClient
) -> None:
    (context / "README.md").write_text("Another text.")
    build_cpu_image(repository, context, CHANGED + "-not", VERSION=VERSION, REVISION=REVISION)
    again = engine.images.get(CHANGED + "-not")
    engine.images.remove(CHANGED + "-not")
    assert again.id == image.id


def test_an_unknown_variant_is_refused_by_name(repository: Path, context: Path) -> None:
    with pytest.raises(BuildError, match="VARIANT is 'rocm'; it must be gpu or cpu"):
        build_cpu_image(repository, context, CHANGED, VARIANT="rocm")
