"""The template role's filters, for tests that look at what was deployed."""

import importlib.util
from pathlib import Path
from typing import Any

ROLE = Path(__file__).parents[2] / "roles/template/filter_plugins"


def _filter(module: str, name: str) -> Any:
    spec = importlib.util.spec_from_file_location(module, ROLE / f"{module}.py")
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded.FilterModule().filters()[name]


template_container = _filter("unraid_container", "unraid_template_container")
container_differences = _filter("unraid_drift", "unraid_container_differences")
