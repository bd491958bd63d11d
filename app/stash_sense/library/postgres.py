"""What is particular to PostgreSQL, which several sidecars may share."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import psycopg
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, select, text
from sqlalchemy.pool import NullPool

from stash_sense.library.carry_over import carry_over
from stash_sense.library.owners import LOCKS

if TYPE_CHECKING:
    from stash_sense.library.store import Store

logger = logging.getLogger(__name__)

CONNECTIONS: Final = 4
_WAIT_SECONDS: Final = 5
# One sidecar at a time creates or migrates the tables.
_UPKEEP_LOCK: Final = text("SELECT pg_advisory_xact_lock(:locks, 0)").bindparams(locks=LOCKS)
_OWNER_LOCK: Final = text("SELECT pg_advisory_lock(:locks, :owner)").bindparams(locks=LOCKS)


class PostgresBackend:
    """A PostgreSQL database."""

    elsewhere = "name a database of the sidecar's own in DATABASE_URL, or restore a backup"

    def __init__(self, url: URL, earlier: Callable[[], Store] | None = None) -> None:
        """Nothing is opened yet.

        Args:
            url: as ``database_url.parse_url`` gives it.
            earlier: opens what a new database takes the place of.
        """
        self.place = _place(url)
        self._earlier = earlier
        self._secrets = [str(one) for one in (url.password, url.query.get("password")) if one]
        arguments = {"connect_timeout": _WAIT_SECONDS, "application_name": "stash-sense"}
        engine = create_engine(
            url,
            connect_args=arguments,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=2 * _WAIT_SECONDS,
            # One that the server has dropped since is replaced, not handed out.
            pool_pre_ping=True,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare)
        self.writer: Engine = engine
        self.reader: Engine = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        # For a connection that lasts: no pool takes it back, or closes it while it is quiet.
        self._presence = create_engine(
            url,
            connect_args=arguments,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
        )
        self._present: Connection | None = None
        self._announcing = threading.Lock()

    def enter(self, connection: Connection) -> None:
        connection.execute(_UPKEEP_LOCK)

    def fill(self, connection: Connection) -> None:
        """Carry over what the sidecar that makes the tables has remembered in its file."""
        if self._earlier is None:
            return
        with contextlib.closing(self._earlier()) as earlier:

            def read(table: Table) -> list[Mapping[str, Any]]:
                with earlier.reading() as source:
                    return [dict(row) for row in source.execute(select(table)).mappings()]

            copied = carry_over(read, connection)
        logger.info("%s: %d rows carried over from %s", self.place, copied, earlier.place)

    def settle(self) -> None:
        """Nothing is."""

    def announce(self, owner: int) -> None:
        """Hold the owner's lock, on a connection that is seen to work."""
        with self._announcing:
            if self._present is not None:
                try:
                    self._present.execute(text("SELECT 1"))
                    return
                except Exception:  # noqa: BLE001 - whatever it died of, a new one is needed
                    self._leave()
            present = self._presence.connect()
            try:
                present.execute(_OWNER_LOCK, {"owner": owner})
            except BaseException:
                present.close()
                raise
            self._present = present

    def explain(self, error: BaseException) -> str:
        seen = " ".join(str(error).split()) or type(error).__name__
        for secret in self._secrets:
            seen = seen.replace(secret, "***")
        state = getattr(error, "sqlstate", None)
        return f"{self.place}: {seen}{f' ({state})' if state else ''}; {_remedy(error, state)}"

    def close(self) -> None:
        with self._announcing:
            self._leave()
        self._presence.dispose()
        self.writer.dispose()

    def _leave(self) -> None:
        if self._present is not None:
            with contextlib.suppress(Exception):
                self._present.close()
            self._present = None


def _prepare(connection: psycopg.Connection[Any], _: Any) -> None:
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = '{_WAIT_SECONDS}s'")
    connection.autocommit = False


def _place(url: URL) -> str:
    host = url.host or url.query.get("host") or "its socket"
    port = f":{url.port}" if url.port else ""
    return f"the PostgreSQL database {url.database!r} at {host}{port}"


_REMEDIES: Final = (
    (("42501",), "grant the user of DATABASE_URL the right to create and write tables there"),
    (("53100",), "free space on the server's disk"),
    (("53", "57P03"), "see what keeps the server busy; it is tried again"),
    (("55P03", "40"), "stop the other program that holds its rows; then try again"),
)


def _remedy(error: BaseException, state: str | None) -> str:
    if state is not None:
        found = next((remedy for states, remedy in _REMEDIES if state.startswith(states)), None)
        if found is not None:
            return found
    if isinstance(error, psycopg.OperationalError):
        return "check the address, user and password in DATABASE_URL, and that PostgreSQL runs there"
    return "see PostgreSQL's log"
