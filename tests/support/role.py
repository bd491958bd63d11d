"""Runs one role alone on this machine."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from support.site import Play


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
        output, _ = process.communicate()
    return Play(process.returncode, output)


@contextlib.contextmanager
def playing_role(
    repository: Path,
    folder: Path,
    role: str,
    *options: str,
    tasks_from: tuple[str, ...] = ("main",),
    environment: Mapping[str, str] = os.environ,
    **variables: object,
) -> Iterator[subprocess.Popen[str]]:
    """As ``play_role``, but while it runs; if it still does at the end, it and what it started end."""
    playbook = folder / f"{role}.json"
    tasks = [{"ansible.builtin.import_role": {"name": role, "tasks_from": file}} for file in tasks_from]
    playbook.write_text(
        json.dumps([{"hosts": "localhost", "gather_facts": False, "connection": "local", "tasks": tasks}])
    )
    given = folder / "variables.json"
    given.write_text(json.dumps({"ansible_python_interpreter": "{{ ansible_playbook_python }}", **variables}))
    process = subprocess.Popen(
        ["ansible-playbook", "-i", "localhost,", str(playbook), *options, "--extra-vars", f"@{given}"],
        cwd=repository,
        env={
            **environment,
            "ANSIBLE_CONFIG": str(repository / "ansible.cfg"),
            "ANSIBLE_ROLES_PATH": str(repository / "roles"),
            "ANSIBLE_NOCOLOR": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
