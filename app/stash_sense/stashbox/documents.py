"""The GraphQL documents for stash-boxes: variables only."""

from __future__ import annotations

from importlib import resources


def query_performers() -> str:
    """A page of performers, by ``$input``."""
    return _file("query_performers") + _file("performer_fields") + _file("performer_news")


def find_performers(count: int, *, news: bool = True) -> str:
    """So many performers at once: the one with the id ``$id0`` as ``p0`` and so on.

    Stash-boxes have no query for several ids, and execute several queries of one document.

    Args:
        news: whether to ask for what imitations of a stash-box may not know.
    """
    variables = ", ".join(f"$id{number}: ID!" for number in range(count))
    spread = "...PerformerFields" + (" ...PerformerNews" if news else "")
    fields = "\n".join(f"  p{n}: findPerformer(id: $id{n}) {{ {spread} }}" for n in range(count))
    fragments = _file("performer_fields") + (_file("performer_news") if news else "")
    return f"query FindPerformers({variables}) {{\n{fields}\n}}\n{fragments}"


def _file(name: str) -> str:
    folder = resources.files("stash_sense.stashbox").joinpath("graphql")
    return folder.joinpath(f"{name}.graphql").read_text(encoding="utf-8")
