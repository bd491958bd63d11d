"""Stash's configuration: what is asked."""

from pydantic import Field, TypeAdapter

from stash_sense.stash.connection import StashConnection
from stash_sense.stash.objects.base import StashObject
from stash_sense.stash.objects.configuration import StashBox
from stash_sense.stash.rate_limiter import Priority


class _General(StashObject):
    stash_boxes: tuple[StashBox, ...] = Field(alias="stashBoxes")


class _Configuration(StashObject):
    general: _General


_CONFIGURATION = TypeAdapter(_Configuration)


class Configuration:
    """What the user has set up in Stash. Every call raises StashError."""

    def __init__(self, connection: StashConnection) -> None:
        self._connection = connection

    async def stash_boxes(self, priority: Priority = Priority.BACKGROUND) -> list[StashBox]:
        """The stash-boxes, with their keys."""
        found = await self._connection.api.repeatable("stash_boxes", {}, _CONFIGURATION, priority)
        return list(found.general.stash_boxes)
