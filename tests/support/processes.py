"""What runs on this machine, as everybody sees it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


def _processes() -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            with contextlib.suppress(OSError):
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                yield int(folder.name), line


def command_lines() -> list[str]:
    """The command lines of all processes but this one."""
    return [line for _, line in _processes()]


def parent(pid: int) -> int:
    """Which process started it."""
    status = Path("/proc", str(pid), "status").read_text()
    return int(status.partition("PPid:")[2].split()[0])


def pids_of(*parts: str) -> list[int]:
    """The processes with all ``parts`` in their command lines."""
    return [pid for pid, line in _processes() if all(part in line for part in parts)]
