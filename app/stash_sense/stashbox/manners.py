"""How hard a stash-box is pressed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Manners:
    """The community pays for the box; a library of thousands of performers still takes minutes only.

    Attributes:
        rate: requests a second. Stash itself allows itself 4.
        batch: performers asked for in one request.
        page: performers on a page of changes.
        attempts: of one request, when it fails in a way that may pass.
        backoff_seconds: before the second attempt; twice as long before each further one.
        longest_pause: the box may ask for longer: then it is left alone until the next run.
        answer_seconds: for one answer.
    """

    rate: float = 1.0
    batch: int = 25
    page: int = 100
    attempts: int = 5
    backoff_seconds: float = 2.0
    longest_pause: float = 120.0
    answer_seconds: float = 30.0
