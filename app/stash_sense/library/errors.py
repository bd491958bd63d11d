"""What can be wrong with the sidecar's database."""

from __future__ import annotations


class StoreError(Exception):
    """The database cannot be used. The message is one line: which one, what was seen, what to do."""
