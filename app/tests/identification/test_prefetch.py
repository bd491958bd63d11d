from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from stash_sense.identification.prefetch import prefetched
from stash_sense.media.video.stop import Stop


def test_items_come_in_order_and_all_of_them() -> None:
    assert list(prefetched(range(50), 2, Stop())) == list(range(50))


def test_no_more_is_produced_ahead_than_allowed() -> None:
    produced: list[int] = []

    def items() -> Iterator[int]:
        for number in range(20):
            produced.append(number)
            yield number

    seen = prefetched(items(), 2, Stop())
    ahead = []
    for number in seen:
        # In hand, two waiting, and one that waits for its place.
        ahead.append(len(produced) - 1 - number)
    assert max(ahead) <= 3


def test_an_error_comes_out_where_it_happened() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    seen = prefetched(items(), 2, Stop())
    assert next(seen) == 1
    with pytest.raises(ValueError, match="broken"):
        next(seen)


def test_a_consumer_that_ends_early_cancels_the_production_and_leaves_no_thread() -> None:
    stop = Stop()
    before = threading.active_count()
    ended = threading.Event()

    def items() -> Iterator[int]:
        try:
            yield from iter(int, 1)
        finally:
            ended.set()

    seen = prefetched(items(), 2, stop)
    next(seen)
    seen.close()  # type: ignore[attr-defined]
    assert stop.cancelled
    assert threading.active_count() == before
