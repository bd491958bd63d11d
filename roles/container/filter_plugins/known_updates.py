"""What unRAID's Docker page knows of updates of images."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def known_updates(text: str) -> dict[str, Any]:
    """The entries of unraid-update-status.json, by image.

    A file that cannot be read has none, such as one that a power cut left half-written: dockerMan makes a
    new one.
    """
    try:
        known = json.loads(text)
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"known_updates": known_updates}
