"""Each Molecule scenario is one test; its whole output is shown when it fails."""

import subprocess
from pathlib import Path

import pytest

SCENARIOS = sorted(path.parent.name for path in Path(__file__).parents[2].glob("molecule/*/molecule.yml"))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario_holds(scenario: str, repository: Path) -> None:
    done = subprocess.run(
        ["molecule", "test", "--scenario-name", scenario],
        cwd=repository,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    assert done.returncode == 0, f"\n{done.stdout}"
