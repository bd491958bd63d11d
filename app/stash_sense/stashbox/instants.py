"""Times as stash-boxes write them."""

from __future__ import annotations

import datetime as dt


def instant(text: str) -> dt.datetime:
    """The time of an RFC 3339 text, whatever its fractions and offset; the beginning of time for another.

    As text, a second sorts after its own fractions.
    """
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
