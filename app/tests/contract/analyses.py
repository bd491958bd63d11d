"""Starting an analysis, and waiting for its end, as the plugin's page does."""

from __future__ import annotations

import time
from typing import Any

from tests.contract.plugin import Plugin
from tests.contract.recommendation_shapes import RUN, STARTED
from tests.contract.shapes import check

_MOST_SECONDS = 60


def completed_run(plugin: Plugin, kind: str, *, full: bool = False) -> dict[str, Any]:
    """Run the analysis to its end, which is good; gives the run."""
    started = plugin.post(f"/recommendations/analysis/{kind}/run", full=str(full).lower())
    check(started, STARTED)
    run = ended(plugin, f"/recommendations/analysis/runs/{started['run_id']}", "running")
    check(run, RUN)
    assert run["status"] == "completed", run["error_message"]
    return run


def ended(plugin: Plugin, path: str, *going: str) -> dict[str, Any]:
    """What `path` answers once its status is none of `going` any more."""
    deadline = time.monotonic() + _MOST_SECONDS
    while time.monotonic() < deadline:
        answer: dict[str, Any] = plugin.get(path)
        if answer["status"] not in going:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{path} is still {answer}")


def pending(plugin: Plugin, kind: str) -> list[dict[str, Any]]:
    """The pending recommendations of an analysis."""
    listing = plugin.get("/recommendations", type=kind, status="pending")
    found: list[dict[str, Any]] = listing["recommendations"]
    return found
