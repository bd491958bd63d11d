"""This very run of Ansible: which process of which machine it is."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import platform
from pathlib import Path
from typing import Any

from ansible.plugins.lookup import LookupBase

DOCUMENTATION = """
name: controller_process
short_description: The process of this run, as {system, pid, began}
description:
  - C(system) stands for the machine, its boot, and the space in which C(pid) counts.
  - C(began) tells the process from a later one with the same number.
options: {}
"""


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def system() -> str:
    """The machine since its last start, and the pid namespace, as 16 hexadecimal digits."""
    space = str(Path("/proc/self/ns/pid").readlink()) if Path("/proc/self/ns/pid").exists() else ""
    parts = [platform.node(), _read("/proc/sys/kernel/random/boot_id"), space]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def began(pid: int) -> str:
    """When process ``pid`` of this system began, in clock ticks since boot; empty where there is no /proc."""
    # The name, in parentheses, may hold blanks.
    _, _, rest = _read(f"/proc/{pid}/stat").rpartition(")")
    fields = rest.split()
    return fields[19] if len(fields) > 19 else ""


class LookupModule(LookupBase):
    """Ansible's entry point."""

    def run(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        # Tasks run in children of the process that a person sees.
        parent = multiprocessing.parent_process()
        pid = parent.pid if parent and parent.pid else os.getpid()
        return [{"system": system(), "pid": pid, "began": began(pid)}]
