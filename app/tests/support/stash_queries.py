"""What can be asked of the test's Stash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ariadne import QueryType
from graphql import GraphQLError

from tests.support.stash_answers import Answers
from tests.support.stash_filters import found
from tests.support.stash_library import StashLibrary

# GraphQL's query, its plural, its filter.
_KINDS = {
    "scene": ("findScene", "findScenes", "scenes"),
    "image": ("findImage", "findImages", "images"),
    "gallery": ("findGallery", "findGalleries", "galleries"),
    "performer": ("findPerformer", "findPerformers", "performers"),
}


def queries(library: StashLibrary, answers: Callable[[Any], Answers]) -> QueryType:
    """Resolvers that read from `library`; `answers(info)` gives those for a request."""
    query = QueryType()
    for kind, (one, many, plural) in _KINDS.items():
        query.set_field(one, _one(library, kind, plural, answers))
        query.set_field(many, _many(library, kind, plural, answers))

    @query.field("configuration")
    def configuration(_: None, info: Any) -> Any:
        def plugins(_: Any, include: list[str] | None = None) -> dict[str, Any]:
            return {
                name: known for name, known in library.plugins.items() if include is None or name in include
            }

        boxes = [asdict(box) for box in library.stash_boxes]
        return {"general": {"apiKey": "", "stashBoxes": boxes}, "plugins": plugins}

    return query


def number(object_id: str) -> str:
    """Stash parses ids as numbers."""
    if not object_id.isdigit():
        raise GraphQLError(f'strconv.Atoi: parsing "{object_id}": invalid syntax')
    return str(int(object_id))


def _one(library: StashLibrary, kind: str, plural: str, answers: Callable[[Any], Answers]) -> Any:
    def resolve(_: None, info: Any, **arguments: str) -> Any:
        object_id = number(arguments.get("id", ""))
        known = object_id in getattr(library, plural)
        return getattr(answers(info), kind)(object_id) if known else None

    return resolve


def _many(library: StashLibrary, kind: str, plural: str, answers: Callable[[Any], Answers]) -> Any:
    def resolve(_: None, info: Any, **arguments: Any) -> Any:
        objects, ids = getattr(library, plural), arguments.get(f"{kind}_ids")
        if ids:
            for object_id in map(str, ids):
                if object_id not in objects:
                    raise GraphQLError(f"{kind} with id {object_id} not found")
            count, chosen = len(ids), [(str(object_id), None) for object_id in ids]
        else:
            count, chosen = found(objects, arguments.get(f"{kind}_filter"), arguments.get("filter"))
        make = getattr(answers(info), kind)
        some = [make(object_id) for object_id, _ in chosen]
        return {"count": count, plural: some, "duration": 0.0, "filesize": 0.0}

    return resolve
