"""A role's filter plugins as plain functions."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any


def load_filters(path: Path) -> dict[str, Callable[..., Any]]:
    """The filters of the plugin file ``path``, by the names that templates use."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Callable[..., Any]] = module.FilterModule().filters()
    return found
