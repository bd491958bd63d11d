"""Every linter and the type checker, each as one test, so that one run tells all that is wrong."""

import os
import subprocess
from pathlib import Path

import pytest

SERVER = "molecule/unraid-host/root"
SHELL_SCRIPTS = [
    *("scripts/*.sh", ".ci/run", "roles/*/files/*.sh"),
    *(f"{SERVER}/*.sh", f"{SERVER}/etc/rc.d/*", f"{SERVER}/usr/bin/*"),
]
DOCKERFILES = ["image/Dockerfile", "molecule/*/Dockerfile"]

# name: (folder, command, patterns of files to append)
LINTERS: dict[str, tuple[str, list[str], list[str]]] = {
    "ruff": (".", ["ruff", "check", "."], []),
    "ruff-format": (".", ["ruff", "format", "--check", "."], []),
    "mypy": ("app", [".venv/bin/mypy"], []),
    "yamllint": (".", ["yamllint", "--strict", "."], []),
    "ansible-lint": (".", ["ansible-lint"], []),
    "hadolint": (".", ["hadolint"], DOCKERFILES),
    "shellcheck": (".", ["shellcheck"], SHELL_SCRIPTS),
}


@pytest.mark.parametrize("name", LINTERS)
def test_finds_nothing(name: str, repository: Path) -> None:
    folder, command, patterns = LINTERS[name]
    files = [str(path) for pattern in patterns for path in sorted(repository.glob(pattern))]
    assert files or not patterns, f"no file matches {patterns}"
    done = subprocess.run(
        [*command, *files],
        cwd=repository / folder,
        env={**os.environ, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, f"\n$ {' '.join(command)}\n{done.stdout}"
