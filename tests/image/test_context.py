"""What `docker build` sends: everything that the build needs, and nothing else that lies about."""

import shutil
import subprocess
from pathlib import Path

import pytest
from support.builds import docker_build
from support.checkout import BAKED_IN, copy_checkout, lay_out_models

MARK = "must-not-leave-the-machine"

STRAYS = [
    ".env",
    ".git/config",
    ".cache/models/buffalo_sc/det_500m.onnx",
    ".cache/logs/image-build.log",
    ".local/data/stash_sense.db",
    "app/.env",
    "app/stash_sense/.env",
    "app/stash_sense/http/.env",
    "app/stash_sense/http/id_rsa",
    "app/stash_sense/recognition/golden/face.png",
    "app/stash_sense/database/faces.json",
    "app/stash_sense/stash/graphql/key.txt",
    "app/stash_sense/performers.db",
    "app/tests/test_secret.py",
    "data/face_facenet.voy",
    "image/.env",
    "inventories/unraid/group_vars/all/vault.yml",
    "photos/somebody/1.jpg",
    "vault-password",
]


def tracked(repository: Path, folder: str) -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", folder], cwd=repository, capture_output=True, text=True, check=True
    )
    return set(filter(None, listed.stdout.split("\0")))


@pytest.fixture(scope="module")
def sent(repository: Path, models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The files that arrive from a checkout full of strays, by path, with their text."""
    folder = tmp_path_factory.mktemp("context")
    checkout = copy_checkout(repository, folder / "checkout")
    lay_out_models(models_dir, checkout)
    for name in STRAYS:
        stray = checkout / name
        stray.parent.mkdir(parents=True, exist_ok=True)
        stray.write_text(MARK)
    arrived = folder / "arrived"
    docker_build(
        repository, checkout, "--output", f"type=local,dest={arrived}", dockerfile="FROM scratch\nCOPY . /\n"
    )
    files = {
        str(path.relative_to(arrived)): path.read_text(errors="replace")
        for path in arrived.rglob("*")
        if path.is_file()
    }
    shutil.rmtree(arrived)
    return files


@pytest.mark.parametrize("stray", STRAYS)
def test_a_stray_file_is_not_sent(stray: str, sent: dict[str, str]) -> None:
    assert stray not in sent


def test_no_stray_arrives_under_another_name(sent: dict[str, str]) -> None:
    assert [name for name, text in sent.items() if MARK in text] == []


def test_every_file_of_the_application_is_sent(repository: Path, sent: dict[str, str]) -> None:
    missing = sorted(tracked(repository, "app/stash_sense") - set(sent))
    assert not missing, f"tracked, but not in the build context; add them to .dockerignore: {missing}"


def test_nothing_is_sent_but_the_application_the_locks_and_the_models(sent: dict[str, str]) -> None:
    others = {name for name in sent if not name.startswith("app/stash_sense/")}
    assert others == {
        "image/requirements.txt",
        "image/requirements.gpu.txt",
        "image/models.yml",
        *(f".cache/models/{name}" for name in BAKED_IN),
    }
