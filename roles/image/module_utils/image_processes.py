"""Processes of a transfer: they end with it, whatever becomes of it."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def bound(command: list[str]) -> list[str]:
    """The command so that it ends when this process dies, even by a kill; as it is where that cannot be."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--", *command] if setpriv else command


@contextlib.contextmanager
def running(command: list[str], log: IO[bytes], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with its output in ``log``, ended at the end."""
    process = subprocess.Popen(
        bound(command),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=environment or None,
    )
    try:
        yield process
    finally:
        ended(process)


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a process, gently first."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def last_line(log: Path) -> str:
    """What a process said last."""
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "nothing"
