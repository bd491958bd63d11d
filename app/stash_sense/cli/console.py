"""Where the command line prints tables and progress."""

from __future__ import annotations

import sys

from rich.console import Console

# Wider than any line: what is piped to a file or to grep must not be broken at a column.
_ENDLESS = 10_000


def plain_console() -> Console:
    """Standard output; as wide as the terminal, or without a limit where there is none."""
    return Console(width=None if sys.stdout.isatty() else _ENDLESS, highlight=False)


def progress_console() -> Console:
    """Standard error, so that output that is piped on holds results only."""
    return Console(stderr=True)
