"""Stash's filters, orders and pages over the test library; what is not here is refused, never passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from graphql import GraphQLError

Item = tuple[str, Any]
_PER_PAGE = 25


def found(
    items: Mapping[str, Any], wanted: dict[str, Any] | None, page: dict[str, Any] | None
) -> tuple[int, list[Item]]:
    """How many items fit the filter, and those on the page."""
    fitting = [item for item in list(items.items()) if fits(item, wanted or {})]
    page = page or {}
    order = _ORDERS.get(page.get("sort", "id"))
    if order is None:
        raise GraphQLError(f"invalid sort: {page['sort']}")
    fitting.sort(key=order, reverse=page.get("direction") == "DESC")
    size = page.get("per_page", _PER_PAGE)
    if size < 0:
        return len(fitting), fitting
    start = (max(page.get("page", 1), 1) - 1) * size
    return len(fitting), fitting[start : start + size]


def fits(item: Item, wanted: dict[str, Any]) -> bool:
    """Whether the item fits every criterion of a filter."""
    return all(_criterion(name)(item, value) for name, value in wanted.items() if value is not None)


def _criterion(name: str) -> Callable[[Item, Any], bool]:
    try:
        return _CRITERIA[name]
    except KeyError:
        raise GraphQLError(f"this Stash for tests has no criterion {name}") from None


def _ids(have: Iterable[str], criterion: dict[str, Any]) -> bool:
    have, asked = set(have), set(criterion.get("value") or ())
    match criterion["modifier"]:
        case "INCLUDES":
            return bool(have & asked)
        case "INCLUDES_ALL":
            return have >= asked
        case "EXCLUDES":
            return not have & asked
        case "IS_NULL":
            return not have
        case "NOT_NULL":
            return bool(have)
        case other:
            raise GraphQLError(f"invalid modifier: {other}")


def _stash_ids(item: Item, criterion: dict[str, Any]) -> bool:
    endpoint = criterion.get("endpoint")
    have = [stash_id for box, stash_id in item[1].stash_ids if endpoint in (None, box)]
    match criterion["modifier"]:
        case "NOT_NULL":
            return bool(have)
        case "IS_NULL":
            return not have
        case "EQUALS":
            return criterion["stash_id"] in have
        case other:
            raise GraphQLError(f"invalid modifier: {other}")


def _compared(have: Any, asked: Any, modifier: str) -> bool:
    match modifier:
        case "GREATER_THAN":
            return bool(have > asked)
        case "LESS_THAN":
            return bool(have < asked)
        case "EQUALS":
            return bool(have == asked)
        case other:
            raise GraphQLError(f"invalid modifier: {other}")


def _updated(item: Item, criterion: dict[str, Any]) -> bool:
    try:
        asked = datetime.fromisoformat(criterion["value"])
    except ValueError as error:
        raise GraphQLError(f"parsing time {criterion['value']!r}: {error}") from error
    return _compared(datetime.fromisoformat(item[1].updated_at), asked, criterion["modifier"])


_CRITERIA: dict[str, Callable[[Item, Any], bool]] = {
    "AND": fits,
    "NOT": lambda item, wanted: not fits(item, wanted),
    "id": lambda item, criterion: _compared(int(item[0]), criterion["value"], criterion["modifier"]),
    "performers": lambda item, criterion: _ids(item[1].performer_ids, criterion),
    "galleries": lambda item, criterion: _ids(item[1].gallery_ids, criterion),
    "stash_id_endpoint": _stash_ids,
    "updated_at": _updated,
    "file_count": lambda item, criterion: _compared(
        len(item[1].files), criterion["value"], criterion["modifier"]
    ),
}
_ORDERS: dict[str, Callable[[Item], Any]] = {
    "id": lambda item: int(item[0]),
    "updated_at": lambda item: (datetime.fromisoformat(item[1].updated_at), int(item[0])),
    "name": lambda item: (item[1].name.lower(), int(item[0])),
    "title": lambda item: (item[1].title or "", int(item[0])),
}
