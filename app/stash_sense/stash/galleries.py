"""Galleries: what is asked and changed."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from stash_sense.stash.connection import StashConnection, checked_id
from stash_sense.stash.objects.galleries import Gallery
from stash_sense.stash.objects.images import StashImage
from stash_sense.stash.paging import Found, Page, all_items, page_of
from stash_sense.stash.performers_of import IdMode, PerformersOf
from stash_sense.stash.rate_limiter import Priority

_GALLERY = TypeAdapter(Gallery | None)
_IMAGES = TypeAdapter(Found[StashImage])


class Galleries:
    """Stash's galleries. Every call raises StashError."""

    def __init__(self, connection: StashConnection) -> None:
        self._connection = connection
        self._performers = PerformersOf(connection, "gallery")

    async def get(self, gallery_id: str, priority: Priority = Priority.INTERACTIVE) -> Gallery:
        """The gallery with this id. Raises StashNotFound when there is none."""
        return await self._connection.get("gallery", gallery_id, _GALLERY, priority)

    async def images(self, gallery_id: str, priority: Priority = Priority.INTERACTIVE) -> list[StashImage]:
        """All images of a gallery, by id; none for a gallery that there is not."""
        within = {"galleries": {"value": [checked_id("gallery", gallery_id)], "modifier": "INCLUDES"}}

        async def page(number: int, per_page: int) -> Page[StashImage]:
            variables = {"filter": page_of(number, per_page), "image_filter": within}
            return (await self._connection.api.repeatable("find_images", variables, _IMAGES, priority)).page()

        return [image async for image in all_items(page)]

    async def ids_of_performer(self, performer_id: str, priority: Priority) -> list[str]:
        """The ids of all galleries that name this performer."""
        return await self._performers.ids(performer_id, priority)

    async def update_performers(
        self, gallery_ids: Sequence[str], performer_ids: Sequence[str], mode: IdMode, priority: Priority
    ) -> None:
        """Add these performers to the galleries, remove them, or let them be the only ones."""
        await self._performers.update(gallery_ids, performer_ids, mode, priority)
