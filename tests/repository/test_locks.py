"""The locks are what the pyproject files ask for, are hashed throughout, and name no place to fetch from."""

import re
import subprocess
from pathlib import Path

import pytest

LOCKS = [
    "requirements.txt",
    "image/requirements.txt",
    "image/requirements.gpu.txt",
    "app/requirements.test.txt",
]


def test_every_lock_satisfies_its_pyproject(repository: Path) -> None:
    done = subprocess.run(["scripts/lock.sh", "--check"], cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str, repository: Path) -> None:
    text = (repository / lock).read_text()
    assert not re.search(r"https?:|file:|index-url|find-links|[a-z0-9]\.(org|com|net|io)\b", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_one_version_with_hashes(lock: str, repository: Path) -> None:
    entries = re.split(r"\n(?! )", (repository / lock).read_text().strip())
    assert entries
    for entry in entries:
        assert re.fullmatch(
            r"[a-z0-9-]+==[^\s;]+( ; [^\\\n]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+", entry
        ), f"not a pinned and hashed package: {entry.splitlines()[0]}"


def test_the_gpu_lock_adds_cudnn_and_nothing_else(repository: Path) -> None:
    packages = re.findall(
        r"^([a-z0-9-]+)==", (repository / "image/requirements.gpu.txt").read_text(), re.MULTILINE
    )
    assert packages == ["nvidia-cudnn-cu12"]
