"""Producing ahead in a thread: a film is decoded while the models look at the frames before."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from stash_sense.media.video.stop import Stop

T = TypeVar("T")
_LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class _End(Generic[T]):
    error: BaseException | None


def prefetched(items: Iterable[T], depth: int, stop: Stop) -> Iterator[T]:
    """The same items, up to ``depth`` of them produced ahead; an exception comes out in its place.

    A consumer that ends early cancels ``stop``, on which ``items`` should end.
    """
    ready: queue.Queue[T | _End[T]] = queue.Queue(depth)
    finished = threading.Event()

    def put(item: T | _End[T]) -> None:
        while not finished.is_set():
            try:
                ready.put(item, timeout=_LOOK_SECONDS)
            except queue.Full:
                continue
            return

    def produce() -> None:
        try:
            for item in items:
                put(item)
                if finished.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - it is raised again where somebody sees it
            put(_End(error))
        else:
            put(_End(None))

    thread = threading.Thread(target=produce, name="prefetch", daemon=True)
    thread.start()
    ended = False
    try:
        while True:
            item = ready.get()
            if isinstance(item, _End):
                ended = True
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        if not ended:
            stop.cancel()
        finished.set()
        thread.join()
