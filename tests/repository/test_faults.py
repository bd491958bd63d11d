"""Every row of the README's table of faults names tests that exist."""

import ast
import re
from pathlib import Path

import pytest


def rows(repository: Path) -> list[tuple[str, list[str]]]:
    """Each fault with the tests that its row names."""
    text = (repository / "README.md").read_text()
    table = text.split("| fault | what happens | shown by |\n| --- | --- | --- |\n")[1].split("\n\n")[0]
    cells = [line.strip("| ").split(" | ") for line in table.splitlines()]
    return [(fault, re.findall(r"`(test_[^`]+)`", shown)) for fault, _, shown in cells]


@pytest.fixture(scope="module")
def sources(repository: Path) -> dict[str, str]:
    """The name of every test on the server like unRAID -> the text of its file."""
    found = {}
    for path in (repository / "tests/unraid").glob("test_*.py"):
        text = path.read_text()
        functions = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
        found |= {function.name: text for function in functions}
    return found


def test_every_fault_names_the_tests_that_show_it(repository: Path, sources: dict[str, str]) -> None:
    table = rows(repository)
    assert len(table) > 20
    for fault, named in table:
        assert named, f"no test is named for: {fault}"
        for test in named:
            name, _, case = test.rstrip("]").partition("[")
            assert name in sources, f"{fault}: there is no {name}"
            assert case in sources[name], f"{fault}: {name} has no case {case}"


def test_every_case_of_a_fault_of_the_host_has_its_row(repository: Path, sources: dict[str, str]) -> None:
    name = "test_a_fault_ends_the_deployment_before_anything_is_done"
    cases = set(re.findall(r'= Fault\(\n    "([a-z-]+)"', sources[name]))
    listed = {test.partition("[")[2][:-1] for _, named in rows(repository) for test in named if name in test}
    assert len(cases) > 5
    assert cases == listed
