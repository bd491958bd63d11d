"""Runs ansible-playbook on this machine, with this repository's configuration."""

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Play:
    """What one ansible-playbook run said."""

    status: int
    output: str

    @property
    def changed(self) -> int:
        """The recap's count of changes, over all hosts."""
        counts = re.findall(r"ok=\d+\s+changed=(\d+)", self.output)
        assert counts, f"no recap in:\n{self.output}"
        return sum(map(int, counts))

    @classmethod
    def of(cls, process: subprocess.Popen[str]) -> "Play":
        """Wait for the end of a run."""
        output, _ = process.communicate()
        return cls(process.returncode, output)


@contextlib.contextmanager
def playing(
    checkout: Path, words: Sequence[str], environment: Mapping[str, str] = os.environ
) -> Iterator[subprocess.Popen[str]]:
    """Run ``ansible-playbook WORDS`` in ``checkout``: to cut it off, or to look around meanwhile.

    A run that is still going on at the end is killed with everything that it started.
    """
    process = subprocess.Popen(
        ["ansible-playbook", *words],
        cwd=checkout,
        env={**environment, "ANSIBLE_CONFIG": str(checkout / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"},
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
