"""Where the time went."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Adds up milliseconds by name. Names that threads share are added to by one of them only."""

    def __init__(self) -> None:
        self._sums: dict[str, float] = defaultdict(float)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._sums[name] += (time.perf_counter() - start) * 1000

    def ms(self, name: str) -> float:
        """Milliseconds so far, to a tenth."""
        return round(self._sums[name], 1)
