"""The tests here cover the contract, and the contract covers them."""

from __future__ import annotations

import importlib
import pkgutil

import tests.contract
from tests.contract.rows import ROWS, shown_by
from tests.support.sidecar import RunningSidecar

# About the tests themselves, and about secrets, of which no row speaks.
_OTHERS = ("test_rows", "test_secrets", "test_shapes")


def test_every_row_is_shown_by_a_test_and_every_test_shows_a_row() -> None:
    shown: set[str] = set()
    for module in pkgutil.iter_modules(tests.contract.__path__):
        if module.name.startswith("test_") and module.name not in _OTHERS:
            members = vars(importlib.import_module(f"tests.contract.{module.name}"))
            for name, member in members.items():
                if name.startswith("test_"):
                    assert shown_by(member), f"{module.name}.{name} shows no row"
                    shown.update(shown_by(member))
    assert shown == set(ROWS)


def test_every_row_is_a_route(sidecar: RunningSidecar) -> None:
    paths = sidecar.client.get("/openapi.json").json()["paths"]
    routes = {
        f"{method.upper()} {_plain(path)}" for path, operations in paths.items() for method in operations
    }
    assert {_plain(row) for row in ROWS} - routes == set()


def _plain(path: str) -> str:
    """The path with every parameter named alike."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))
