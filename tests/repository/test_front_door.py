"""`make` is the front door: it tells what there is, and what is wrong with what it was given."""

import os
import re
import subprocess
from pathlib import Path


def make(repository: Path, *words: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_DIR")}
    return subprocess.run(["make", *words], cwd=repository, capture_output=True, text=True, env=inherited)


def test_make_alone_lists_every_target(repository: Path) -> None:
    targets = re.findall(r"^\.PHONY: (\S+)$", (repository / "Makefile").read_text(), re.MULTILINE)
    assert "demo" in targets
    done = make(repository)
    assert done.returncode == 0
    listed = re.findall(r"^  ([a-z0-9-]+) {2,}", done.stdout, re.MULTILINE)
    assert sorted(listed) == sorted(targets)


def test_the_demo_without_photos_says_how_to_give_some(repository: Path) -> None:
    done = make(repository, "demo")
    assert done.returncode != 0
    assert "PHOTOS_DIR is not set" in done.stderr
    assert "remedy: make demo PHOTOS_DIR=" in done.stderr


def test_the_demo_names_a_folder_that_is_not_there(repository: Path) -> None:
    done = make(repository, "demo", "PHOTOS_DIR=tests", "MODELS_DIR=no such folder")
    assert done.returncode != 0
    assert "MODELS_DIR=no such folder is not a folder" in done.stderr
