"""The three-way comparison: what Stash has, what the stash-box has now, what it had when last seen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from stash_sense.analyses.upstream_changes.equality import canonical, equal
from stash_sense.analyses.upstream_changes.fields import FIELDS, Kind

Values = Mapping[str, Any]
"""Values by field name. A field that is not in there is not known, which is not the same as empty."""


@dataclass(frozen=True)
class Change:
    """A field that the stash-box has changed, and that Stash has otherwise."""

    field: str
    local_value: Any
    upstream_value: Any
    previous_upstream_value: Any

    def as_json(self) -> dict[str, Any]:
        """As the plugin reads it."""
        known = FIELDS[self.field]
        return {
            "field": self.field,
            "field_label": known.label,
            "local_value": self.local_value,
            "upstream_value": self.upstream_value,
            "previous_upstream_value": self.previous_upstream_value,
            "merge_type": known.merge_type,
        }


def changes(local: Values, upstream: Values, seen: Values | None, enabled: Collection[str]) -> list[Change]:
    """The fields to recommend.

    A field counts when it is enabled, its value on the stash-box is another than ``seen`` (None: never seen),
    and another than the local one. Where it has never been seen, the stash-box's having nothing is no change.
    """
    found = []
    for name, field in FIELDS.items():
        if name not in enabled or name not in upstream or name not in local:
            continue
        mine, theirs = local[name], upstream[name]
        before = None if seen is None else seen.get(name)
        if not equal(field.kind, before, theirs) and not _same(field.kind, name, mine, theirs, local):
            found.append(Change(name, mine, theirs, before))
    return found


def still_open(pending: Iterable[Change], local: Values, upstream: Values | None = None) -> list[Change]:
    """Of changes that were recommended before those that still are, brought up to date.

    Gone is what Stash has by now, and what the stash-box has changed again: if that is worth recommending,
    ``changes`` says so.
    """
    left = []
    for change in pending:
        field = FIELDS.get(change.field)
        if field is None or change.field not in local:
            continue
        if upstream is not None and not equal(field.kind, upstream.get(change.field), change.upstream_value):
            continue
        if not _same(field.kind, change.field, local[change.field], change.upstream_value, local):
            left.append(replace(change, local_value=local[change.field]))
    return left


def joined(new: Iterable[Change], open_ones: Iterable[Change]) -> list[Change]:
    """Both, each field once, in the order of the fields; a new change stands for an older one."""
    by_field = {change.field: change for change in (*open_ones, *new)}
    return [by_field[name] for name in FIELDS if name in by_field]


def _same(kind: Kind, name: str, mine: Any, theirs: Any, local: Values) -> bool:
    if equal(kind, mine, theirs):
        return True
    if name != "aliases":
        return False
    # A stash-box may list the name itself, which Stash does not take as an alias.
    own_name = canonical(Kind.TEXT, local.get("name"))
    named = frozenset() if own_name is None else frozenset({own_name})
    one, other = canonical(kind, mine) or frozenset(), canonical(kind, theirs) or frozenset()
    return isinstance(one, frozenset) and isinstance(other, frozenset) and one - named == other - named
