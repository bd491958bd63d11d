"""What a transfer says when it cannot go on."""

from __future__ import annotations


class CarryError(Exception):
    """A transfer that cannot go on: what was seen, what is needed, and what to do."""

    def __init__(self, seen: str, needed: str, remedy: str) -> None:
        super().__init__(seen)
        self.lines = [f"seen:   {seen}", f"needed: {needed}", f"remedy: {remedy}"]
