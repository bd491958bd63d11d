"""Stash itself."""

from stash_sense.stash.objects.base import StashObject


class Version(StashObject):
    """Stash's version, "v0.28.1"; Stash leaves it null in development builds."""

    version: str | None = None


class Field(StashObject):
    """A field of a GraphQL type."""

    name: str


class TypeFields(StashObject):
    """The fields of one of Stash's GraphQL types."""

    fields: tuple[Field, ...]
