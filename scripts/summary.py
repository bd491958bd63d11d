"""Adds up the suites' JUnit reports: what failed, each suite's share, and one closing line for all.

``summary.py REPORTS SUITE...``; exit status 1 when a test failed, a suite left no report, or none ran.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True)
class Tally:
    """Counts of test cases, and the names of those that failed."""

    passed: int = 0
    skipped: int = 0
    failures: tuple[str, ...] = ()
    seconds: float = 0.0


def read(report: Path) -> Tally:
    """The tally of one report; a suite without one failed before its first test."""
    if not report.is_file():
        return Tally(failures=(f"{report.stem}: ended without a report",))
    passed = skipped = 0
    failures: list[str] = []
    root = ElementTree.parse(report).getroot()
    for case in root.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failures.append(f"{report.stem}: {case.get('classname')}::{case.get('name')}")
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    seconds = sum(float(suite.get("time", 0)) for suite in root.iter("testsuite"))
    if not passed + skipped + len(failures):
        failures.append(f"{report.stem}: ran no test")
    return Tally(passed, skipped, tuple(failures), seconds)


def main(reports: Path, suites: list[str]) -> int:
    """Print the summary and say by the exit status whether all is well."""
    tallies = {suite: read(reports / f"{suite}.xml") for suite in suites}
    for suite, tally in tallies.items():
        counts = f"{tally.passed} passed, {len(tally.failures)} failed, {tally.skipped} skipped"
        print(f"{suite:12} {counts} in {tally.seconds:.0f} s")
    failures = [name for tally in tallies.values() for name in tally.failures]
    for name in failures:
        print(f"FAILED {name}")
    passed = sum(tally.passed for tally in tallies.values())
    skipped = sum(tally.skipped for tally in tallies.values())
    print(f"{passed} passed, {len(failures)} failed, {skipped} skipped")
    return 1 if failures or not passed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
