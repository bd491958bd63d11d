"""When two values of a field are the same: ignoring case, order and kind of emptiness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stash_sense.analyses.upstream_changes.fields import Kind

Canonical = str | int | frozenset[str] | None


def canonical(kind: Kind, value: Any) -> Canonical:
    """The value in a form that equal values share; None for every kind of emptiness.

    ``value`` may also come from a snapshot of an earlier sidecar: whatever JSON holds is taken, and what is
    not of the kind is compared as text.
    """
    if kind in (Kind.LIST, Kind.MARKS):
        parts = frozenset(_word(part) for part in _parts(kind, value))
        return parts - {""} or None
    if kind is Kind.NUMBER:
        return _number(value)
    if kind is Kind.FLAG:
        # Not being a favourite and not knowing of it are the same.
        return 1 if value in (True, 1, "true") else None
    text = _word(value)
    if kind is Kind.ENUM:
        text = text.replace("_", " ")
    return text or None


def equal(kind: Kind, one: Any, other: Any) -> bool:
    """Whether the values of a field of this kind are the same."""
    return canonical(kind, one) == canonical(kind, other)


def _parts(kind: Kind, value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return (_mark(part) if isinstance(part, Mapping) else part for part in value)
    return str(value).split(";") if kind is Kind.MARKS else (value,)


def _mark(part: Mapping[str, Any]) -> str:
    return mark(str(part.get("location") or ""), part.get("description"))


def mark(location: str, description: str | None) -> str:
    """A tattoo or piercing as Stash writes it."""
    return f"{location}, {description}" if description else location


def _number(value: Any) -> int | str | None:
    text = _word(value)
    try:
        # A size of 0 is none.
        return int(text) or None
    except ValueError:
        return text or None


def _word(value: Any) -> str:
    return "" if value is None or value == [] else " ".join(str(value).split()).casefold()
