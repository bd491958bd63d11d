"""Runs one role alone on this machine."""

import json
import os
import subprocess
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from support.play import Play, playing


def play_role(
    repository: Path,
    folder: Path,
    role: str,
    *options: str,
    tasks_from: tuple[str, ...] = ("main",),
    environment: Mapping[str, str] = os.environ,
    **variables: object,
) -> Play:
    """Run ``role`` with ``variables``; the playbook that does it is left in ``folder``."""
    with playing_role(
        repository, folder, role, *options, tasks_from=tasks_from, environment=environment, **variables
    ) as process:
        return Play.of(process)


def playing_role(
    repository: Path,
    folder: Path,
    role: str,
    *options: str,
    tasks_from: tuple[str, ...] = ("main",),
    environment: Mapping[str, str] = os.environ,
    **variables: object,
) -> AbstractContextManager[subprocess.Popen[str]]:
    """As ``play_role``, but while it runs; see ``support.play.playing``."""
    playbook = folder / f"{role}.json"
    tasks = [{"ansible.builtin.import_role": {"name": role, "tasks_from": file}} for file in tasks_from]
    playbook.write_text(
        json.dumps([{"hosts": "localhost", "gather_facts": False, "connection": "local", "tasks": tasks}])
    )
    given = folder / "variables.json"
    given.write_text(json.dumps({"ansible_python_interpreter": "{{ ansible_playbook_python }}", **variables}))
    words = ["-i", "localhost,", str(playbook), *options, "--extra-vars", f"@{given}"]
    return playing(repository, words, {**environment, "ANSIBLE_ROLES_PATH": str(repository / "roles")})
