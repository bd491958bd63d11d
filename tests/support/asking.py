"""Asking a service all the time, to see whether it ever fails to answer."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Asking(Generic[Answer]):
    """What was answered so far, in order; and every failure."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.failures: list[Exception] = []

    @property
    def phases(self) -> list[Answer]:
        """The answers without repetitions: old, new, when there was one change."""
        return [answer for answer, _ in groupby(self.answers)]


@contextmanager
def asking(ask: Callable[[], Answer], pause: float = 0.02) -> Iterator[Asking[Answer]]:
    """Ask one question after the other as long as the block runs."""
    log: Asking[Answer] = Asking()
    done = threading.Event()

    def run() -> None:
        while not done.wait(pause):
            try:
                log.answers.append(ask())
            except Exception as error:
                log.failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield log
    finally:
        done.set()
        thread.join()


def no_gap(log: Asking[Answer], phases: Sequence[Answer]) -> None:
    """Nothing failed, and the answers were ``phases``, one after the other."""
    assert log.failures == []
    assert log.phases == list(phases)
