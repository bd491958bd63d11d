"""The template role's filters, for tests that look at what was deployed."""

from pathlib import Path

from support.filters import load_filters

ROLE = Path(__file__).parents[2] / "roles/template/filter_plugins"

template_container = load_filters(ROLE / "unraid_container.py")["unraid_template_container"]
container_differences = load_filters(ROLE / "unraid_drift.py")["unraid_container_differences"]
