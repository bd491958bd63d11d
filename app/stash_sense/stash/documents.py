"""The GraphQL documents: one file per operation, variables only."""

from collections.abc import Mapping
from importlib import resources

_SUFFIX = ".graphql"


def load_documents() -> Mapping[str, str]:
    """All documents of the package by file name without its suffix ("find_image")."""
    folder = resources.files("stash_sense.stash").joinpath("graphql")
    return {
        file.name.removesuffix(_SUFFIX): file.read_text(encoding="utf-8")
        for file in folder.iterdir()
        if file.name.endswith(_SUFFIX)
    }
