"""Galleries."""

from stash_sense.stash.objects.base import StashObject


class Gallery(StashObject):
    """A gallery; its images are asked for separately."""

    id: str
    title: str | None = None
    image_count: int
