"""Prints one line as it is: the usual output of a task is folded and quoted, which no program reads."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display


class ActionModule(ActionBase):  # type: ignore[misc]
    """Ansible's entry point; its argument is ``line``."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        Display().display(str(self._task.args["line"]))
        result["changed"] = False
        return result
