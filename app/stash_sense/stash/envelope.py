"""The envelope of every GraphQL answer."""

from typing import Any

from stash_sense.stash.objects.base import StashObject


class GraphQLError(StashObject):
    """One entry of an answer's errors."""

    message: str


class GraphQLAnswer(StashObject):
    """What was asked for by the operation's root field, or why not."""

    data: dict[str, Any] | None = None
    errors: tuple[GraphQLError, ...] | None = None

    @property
    def root(self) -> Any:
        """The value of the only root field; documents here have one each. Raises ValueError without it."""
        (value,) = (self.data or {}).values()
        return value
