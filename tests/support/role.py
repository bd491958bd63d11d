"""Runs one role alone on this machine."""

import json
import os
import subprocess
from pathlib import Path

from support.site import Play


def play_role(
    repository: Path, folder: Path, role: str, *options: str, tasks_from: str = "main", **variables: object
) -> Play:
    """Run ``role`` with ``variables``; the playbook that does it is left in ``folder``."""
    playbook = folder / f"{role}.json"
    task = {"ansible.builtin.import_role": {"name": role, "tasks_from": tasks_from}}
    playbook.write_text(
        json.dumps([{"hosts": "localhost", "gather_facts": False, "connection": "local", "tasks": [task]}])
    )
    given = folder / "variables.json"
    given.write_text(json.dumps({"ansible_python_interpreter": "{{ ansible_playbook_python }}", **variables}))
    done = subprocess.run(
        ["ansible-playbook", "-i", "localhost,", str(playbook), *options, "--extra-vars", f"@{given}"],
        cwd=repository,
        env={
            **os.environ,
            "ANSIBLE_CONFIG": str(repository / "ansible.cfg"),
            "ANSIBLE_ROLES_PATH": str(repository / "roles"),
            "ANSIBLE_NOCOLOR": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Play(done.returncode, done.stdout)
