"""A real PostgreSQL server of the tests' own: a cluster in a temporary folder, on loopback only."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.support.sidecar import free_port

USER = "sidecar"
PASSWORD = "p@ss:w/rd-not-for-anybody"
_QUOTED = "p%40ss%3Aw%2Frd-not-for-anybody"
# The server refuses to run as root.
_ACCOUNT = "nobody"


@dataclass
class PostgresServer:
    """Where it is. Each test has a database of its own in it."""

    port: int
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_database(self) -> str:
        """The address, as DATABASE_URL takes it, of a new and empty one."""
        name = f"library_{next(self._numbers)}"
        with self.connection("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://{USER}:{_QUOTED}@127.0.0.1:{self.port}/{name}"

    def connection(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, dbname=name, autocommit=True
        )


@contextlib.contextmanager
def postgres_running() -> Iterator[PostgresServer]:
    """Start it, and stop it when the block ends. Skips the test where PostgreSQL is not installed."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        folder = Path(name)
        account = _ACCOUNT if os.geteuid() == 0 else None
        (folder / "password").write_text(PASSWORD)
        folder.chmod(0o755)
        if account is not None:
            shutil.chown(folder, account)
        _make_cluster(folder, account)
        server = PostgresServer(free_port())
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    _program("postgres"),
                    *("-D", str(folder / "cluster"), "-p", str(server.port)),
                    *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
                    # No power cut is tried here.
                    *("-c", "fsync=off"),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                user=account,
                cwd=folder,
            )
        try:
            _wait_for(server, process, folder / "log")
            yield server
        finally:
            # Fast shutdown: it does not wait for those who are connected.
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _make_cluster(folder: Path, account: str | None) -> None:
    made = subprocess.run(
        [
            _program("initdb"),
            *("-D", str(folder / "cluster"), "-U", USER, "--pwfile", str(folder / "password")),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"),
        ],
        capture_output=True,
        text=True,
        user=account,
        cwd=folder,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr


def _program(name: str) -> str:
    """Debian keeps the server's programs off PATH, by version."""
    found = [*Path("/usr/lib/postgresql").glob(f"*/bin/{name}")]
    newest = max(found, key=lambda path: int(path.parts[-3]), default=None)
    program = str(newest) if newest else shutil.which(name)
    if program is None:
        pytest.skip("PostgreSQL is not installed: the distribution's package `postgresql`")
    return program


def _wait_for(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.connection("postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"PostgreSQL did not start:\n{log.read_text()}")
