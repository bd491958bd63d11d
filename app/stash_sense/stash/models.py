"""Stash's objects, as far as they are used here: its field names and nullability (Stash 0.25 and later)."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _StashObject(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class VisualFile(_StashObject):
    """A file of an image: ImageFile, or VideoFile for a clip that Stash files under images."""

    kind: str = Field(alias="__typename")
    width: int | None = None
    height: int | None = None


class ImagePaths(_StashObject):
    """Links to an image's content, as Stash builds them (see `StashOrigin.rebased`)."""

    image: str | None = None
    thumbnail: str | None = None


class GalleryReference(_StashObject):
    """The id of a gallery."""

    id: str


class StashImage(_StashObject):
    """An image in Stash. The first of its files is the primary one."""

    id: str
    title: str | None = None
    visual_files: tuple[VisualFile, ...] = ()
    paths: ImagePaths
    galleries: tuple[GalleryReference, ...] = ()

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


class Version(_StashObject):
    """Stash's version, "v0.28.1"; Stash leaves it null in development builds."""

    version: str | None = None


class ImageData(_StashObject):
    """The answer to find_image."""

    image: StashImage | None = Field(alias="findImage")


class VersionData(_StashObject):
    """The answer to version."""

    version: Version


class GraphQLError(_StashObject):
    """One entry of an answer's errors."""

    message: str


class GraphQLAnswer(_StashObject):
    """The envelope of every answer."""

    data: dict[str, Any] | None = None
    errors: tuple[GraphQLError, ...] | None = None
