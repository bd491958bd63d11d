"""The Stash plugin's backend, as the sidecar sees it: its library, its timeouts, how it reads answers."""

from __future__ import annotations

from typing import Any

import pytest
import requests

_TIMEOUTS = {
    "/health": 10,
    "/database": 10,
    "/identify/gallery": 300,
    "/identify/scene": 180,
    "/identify": 30,
    "/recommendations/actions/merge-performers": 120,
    "/recommendations/actions/delete-scene-files": 120,
}
_BY_METHOD = {"GET": 30, "POST": 60}


class PluginError(Exception):
    """What the plugin shows: the answer's `detail`."""

    def __init__(self, status: int, detail: Any) -> None:
        super().__init__(f"HTTP {status}: {detail}")
        self.status = status
        self.detail = detail


class Plugin:
    """Calls the sidecar as the plugin does."""

    def __init__(self, address: str) -> None:
        self._address = address

    def get(self, path: str, **params: Any) -> Any:
        return self._call("GET", path, params=params)

    def post(self, path: str, json: Any = None, **params: Any) -> Any:
        return self._call("POST", path, json=json, params=params)

    def refusal(self, method: str, path: str, **content: Any) -> PluginError:
        """The error that a call ends with; fails when it does not. Its detail is readable text."""
        with pytest.raises(PluginError) as caught:
            self._call(method, path, **content)
        error = caught.value
        if error.status != 422:
            assert isinstance(error.detail, str)
            assert error.detail.strip()
        return error

    def _call(self, method: str, path: str, **content: Any) -> Any:
        response = requests.request(
            method, self._address + path, timeout=_timeout(method, path), allow_redirects=False, **content
        )
        if response.ok:
            return response.json()
        raise PluginError(response.status_code, response.json()["detail"])


def _timeout(method: str, path: str) -> float:
    return next(
        (seconds for start, seconds in _TIMEOUTS.items() if path.startswith(start)), _BY_METHOD[method]
    )
