"""Whether the run that holds a lock is still there."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def lock_is_dead(holder: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    """Whether ``holder`` was a process of the system ``here``, and ended. Of another system nobody can tell.

    Args:
        holder, here: system, pid and began, as the lookup controller_process gives them.
    """
    if holder.get("system") != here["system"]:
        return False
    pid = int(holder["pid"])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return False
    _, _, rest = stat.read_text().rpartition(")")
    state, began = rest.split()[0], rest.split()[19]
    # A zombie holds nothing any more; another start is another process under the same number.
    return state == "Z" or began != holder["began"]


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"lock_is_dead": lock_is_dead}
