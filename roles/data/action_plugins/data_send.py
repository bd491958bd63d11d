"""Sends files from the controller to the host with rsync, and says how far it is while it runs.

A module's output is shown when the module has ended: for a gigabyte over a slow line that is silence for
minutes. An action runs on the controller and may speak meanwhile.

Arguments:
    src: directory on the controller.
    dest: directory on the host.
    files: names in ``src``, sent in this order of groups: each list is one run of rsync.
    link_dest: directories, relative to ``dest``, whose files are linked where the content is the same.
    limit_kib: KiB a second at most; 0 for no limit.

Result: ``bytes_sent`` of all runs; on failure ``exit`` (rsync's status) and ``errors`` (its last lines).
"""

from __future__ import annotations

import re
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

# Seconds between two lines about the progress.
_EVERY = 5.0
# As rsync --info=progress2 writes it: bytes, share, speed, time left.
_PROGRESS = re.compile(r"([\d,]+)\s+(\d+)%\s+(\S+/s)\s+(\d+:\d\d:\d\d)")
_SENT = re.compile(r"^Total bytes sent: ([\d,]+)", re.MULTILINE)
_OPTIONS = [
    # By content: what another release has already is linked there, whatever its date.
    *("--checksum", "--partial", "--chmod=F644"),
    *("--info=progress2,stats2", "--no-human-readable", "--outbuf=L", "--timeout=300"),
]


class ActionModule(ActionBase):  # type: ignore[misc]
    """Ansible's entry point."""

    _requires_connection = False
    _supports_check_mode = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = self._task.args
        sent = 0
        for names in arguments["files"]:
            status, output, errors = _rsync(self._command(names, arguments))
            found = _SENT.search(output)
            sent += int(found[1].replace(",", "")) if found else 0
            if status:
                result.update(
                    failed=True, msg=f"rsync ended with status {status}", exit=status, errors=errors
                )
                break
        result.update(changed=True, bytes_sent=sent)
        return result

    def _command(self, names: Sequence[str], arguments: dict[str, Any]) -> list[str]:
        shell, where = self._remote()
        links = [f"--link-dest={directory}" for directory in arguments.get("link_dest", [])]
        limit = [f"--bwlimit={arguments['limit_kib']}"] if int(arguments.get("limit_kib", 0)) else []
        source = Path(arguments["src"])
        files = [str(source / name) for name in names]
        return ["rsync", *_OPTIONS, *limit, *links, *shell, "--", *files, f"{where}{arguments['dest']}/"]

    def _remote(self) -> tuple[list[str], str]:
        """rsync's options for reaching the host, and what comes before the directory there."""
        connection = self._connection
        if connection.transport == "local":
            return [], ""
        option = connection.get_option
        # A connection of its own: one that is shared would outlive it, and end with others.
        command = [option("ssh_executable"), "-S", "none"]
        for name in ("ssh_args", "ssh_common_args", "ssh_extra_args"):
            command += shlex.split(option(name) or "")
        command += [] if option("host_key_checking") else ["-o", "StrictHostKeyChecking=no"]
        command += ["-p", str(option("port"))] if option("port") else []
        command += ["-i", option("private_key_file")] if option("private_key_file") else []
        become = ["--rsync-path=sudo rsync"] if self._play_context.become else []
        user = option("remote_user")
        # The host's shell sees no file name that it could split.
        return [f"--rsh={shlex.join(command)}", "--secluded-args", *become], (
            f"{user}@{option('host')}:" if user else f"{option('host')}:"
        )


def _rsync(command: list[str]) -> tuple[int, str, list[str]]:
    """Run it; give its status, its output and the last lines of its errors."""
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        assert process.stdout is not None
        output = "\n".join(_shown(process.stdout))
        status = process.wait()
        errors.seek(0)
        return status, output, errors.read().splitlines()[-5:]


def _shown(stream: IO[bytes]) -> Iterator[str]:
    """The lines of rsync; its progress is displayed now and then."""
    told = time.monotonic()
    for line in _lines(stream):
        found = _PROGRESS.search(line)
        if found is None:
            yield line
        elif time.monotonic() - told >= _EVERY:
            told = time.monotonic()
            mib = int(found[1].replace(",", "")) >> 20
            Display().display(f"    {mib} MiB ({found[2]} %) sent, {found[3]}, {found[4]} left", color="cyan")


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """Lines that end in a line feed, or, as those of the progress, in a carriage return."""
    rest = b""
    while chunk := stream.read1(65536):  # type: ignore[attr-defined]
        *whole, rest = re.split(rb"[\r\n]", rest + chunk)
        yield from (line.decode(errors="replace") for line in whole)
    yield rest.decode(errors="replace")
