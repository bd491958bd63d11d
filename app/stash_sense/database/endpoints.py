"""The stash-boxes that universal ids speak of: short name in ``performers.db``, domain in the id."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Endpoint(StrEnum):
    """A stash-box by the short name that the endpoint columns of ``performers.db`` hold."""

    STASHDB = "stashdb"
    THEPORNDB = "theporndb"
    FANSDB = "fansdb"
    PMVSTASH = "pmvstash"
    JAVSTASH = "javstash"

    @property
    def domain(self) -> str:
        """The domain that universal ids of this stash-box begin with."""
        return _DOMAINS[self]

    @classmethod
    def of_domain(cls, domain: str) -> Endpoint | None:
        """The stash-box of a universal id's domain; None when no such stash-box is known."""
        return next((endpoint for endpoint, known in _DOMAINS.items() if known == domain), None)


_DOMAINS: Final[dict[Endpoint, str]] = {
    Endpoint.STASHDB: "stashdb.org",
    Endpoint.THEPORNDB: "theporndb.net",
    Endpoint.FANSDB: "fansdb.cc",
    Endpoint.PMVSTASH: "pmvstash.org",
    Endpoint.JAVSTASH: "javstash.org",
}
