"""Images."""

from pydantic import Field

from stash_sense.stash.objects.base import Reference, StashObject


class VisualFile(StashObject):
    """A file of an image: ImageFile, or VideoFile for a clip that Stash files under images."""

    kind: str = Field(alias="__typename")
    width: int | None = None
    height: int | None = None


class ImagePaths(StashObject):
    """Links to an image's content, as Stash builds them (see `StashOrigin.rebased`)."""

    image: str | None = None
    thumbnail: str | None = None


class StashImage(StashObject):
    """An image in Stash. The first of its files is the primary one."""

    id: str
    title: str | None = None
    visual_files: tuple[VisualFile, ...] = ()
    paths: ImagePaths
    galleries: tuple[Reference, ...] = ()

    @property
    def width(self) -> int | None:
        """The primary file's width in pixels, as Stash knows it."""
        return self.visual_files[0].width if self.visual_files else None

    @property
    def height(self) -> int | None:
        """The primary file's height in pixels, as Stash knows it."""
        return self.visual_files[0].height if self.visual_files else None

    @property
    def is_clip(self) -> bool:
        """Whether the primary file is a video: then the thumbnail is the picture there is."""
        return bool(self.visual_files) and self.visual_files[0].kind == "VideoFile"

    @property
    def picture_link(self) -> str | None:
        """Stash's link to a still picture of it; None when Stash has none."""
        return self.paths.thumbnail if self.is_clip else self.paths.image
