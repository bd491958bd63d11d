"""What the store asks of a kind of database."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Connection, Engine


class Backend(Protocol):
    """A database of some kind: how it is reached, kept in order, and spoken of. Every call blocks."""

    place: str
    """What errors and the log call it; no secret is in it."""

    elsewhere: str
    """What its owner can do about one that is of no use."""

    reader: Engine
    """Its transactions see one state of the database."""

    writer: Engine
    """Its transactions write, and wait for those that write the same."""

    def enter(self, connection: Connection) -> None:
        """Begin the transaction that creates or migrates: alone, on a sound database. Raises StoreError."""

    def fill(self, connection: Connection) -> None:
        """Put into new tables what was remembered elsewhere before. Raises StoreError."""

    def settle(self) -> None:
        """What is left to do when the schema is there."""

    def announce(self, owner: int) -> None:
        """Let everybody who shares the database see that this sidecar is alive; cheap once they do."""

    def explain(self, error: BaseException) -> str:
        """One line about an error of the driver: the place, what was seen, what to do."""

    def close(self) -> None:
        """Leave it."""
