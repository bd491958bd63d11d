"""A role's meta/argument_specs.yml is the one description of its variables."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROLES = sorted(path.name for path in Path(__file__).parents[2].glob("roles/*"))


def load(repository: Path, role: str, file: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((repository / "roles" / role / file).read_text())
    return content


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def options(repository: Path, role: str) -> dict[str, Any]:
    specs = load(repository, role, "meta/argument_specs.yml")["argument_specs"]
    return {name: option for spec in specs.values() for name, option in spec["options"].items()}


def test_defaults_are_those_of_the_specs(repository: Path, role: str, options: dict[str, Any]) -> None:
    described = {name: option["default"] for name, option in options.items() if "default" in option}
    assert load(repository, role, "defaults/main.yml") == described


def test_every_variable_is_required_or_has_a_default(options: dict[str, Any]) -> None:
    neither = [
        name for name, option in options.items() if bool(option.get("required")) == ("default" in option)
    ]
    assert neither == []


def test_variables_carry_the_prefix_of_their_role(role: str, options: dict[str, Any]) -> None:
    assert [name for name in options if not name.startswith(f"{role}_")] == []


def test_readmes_are_written_from_the_specs(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, repository / "scripts/role_docs.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
