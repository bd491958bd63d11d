"""Images: what is asked and changed."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from stash_sense.stash.connection import StashConnection
from stash_sense.stash.errors import StashNotFound
from stash_sense.stash.objects.images import StashImage
from stash_sense.stash.performers_of import IdMode, PerformersOf
from stash_sense.stash.rate_limiter import Priority

_IMAGE = TypeAdapter(StashImage | None)


class Images:
    """Stash's images. Every call raises StashError."""

    def __init__(self, connection: StashConnection) -> None:
        self._connection = connection
        self._performers = PerformersOf(connection, "image")

    async def get(self, image_id: str, priority: Priority = Priority.INTERACTIVE) -> StashImage:
        """The image with this id. Raises StashNotFound when there is none."""
        return await self._connection.get("image", image_id, _IMAGE, priority)

    async def download(self, image: StashImage, max_bytes: int) -> bytes:
        """The content of the image's file; for a clip, of its thumbnail.

        Raises FetchTooLargeError beyond `max_bytes`, StashNotFound when Stash has lost the file.
        """
        downloads = self._connection.downloads
        if image.picture_link is None:
            raise StashNotFound(
                f"Stash gives no picture for the image {image.id}: scan or generate it in Stash."
            )
        return await downloads.get(f"image {image.id}", image.picture_link, f"/image/{image.id}/", max_bytes)

    async def ids_of_performer(self, performer_id: str, priority: Priority) -> list[str]:
        """The ids of all images that name this performer."""
        return await self._performers.ids(performer_id, priority)

    async def update_performers(
        self, image_ids: Sequence[str], performer_ids: Sequence[str], mode: IdMode, priority: Priority
    ) -> None:
        """Add these performers to the images, remove them, or let them be the only ones."""
        await self._performers.update(image_ids, performer_ids, mode, priority)
