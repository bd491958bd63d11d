"""Lists of aliases as Stash takes them: each once ignoring case, and never the name itself."""

from __future__ import annotations

from collections.abc import Iterable


def joined_aliases(name: str, *lists: Iterable[str]) -> tuple[str, ...]:
    """The aliases of all lists in order, each as it is written first.

    Args:
        name: the performer's; Stash refuses it as an alias.
    """
    taken = {_key(name), ""}
    joined = []
    for alias in (alias for aliases in lists for alias in aliases):
        if _key(alias) not in taken:
            taken.add(_key(alias))
            joined.append(alias.strip())
    return tuple(joined)


def _key(alias: str) -> str:
    return alias.strip().casefold()
