"""Scenes and their files."""

from stash_sense.stash.objects.base import StashID, StashObject, Studio


class VideoFile(StashObject):
    """A file of a scene. Sizes in bytes and pixels, duration in seconds, bit rate in bits a second.

    Stash writes 0 and "" for what its probe could not tell.
    """

    id: str
    path: str
    basename: str
    size: int
    duration: float
    video_codec: str
    audio_codec: str
    width: int
    height: int
    frame_rate: float
    bit_rate: int


class ScenePaths(StashObject):
    """Links to what belongs to a scene, as Stash builds them (see `StashOrigin.rebased`)."""

    screenshot: str | None = None


class ScenePerformer(StashObject):
    """A performer as a scene names them."""

    id: str
    name: str
    stash_ids: tuple[StashID, ...] = ()


class Scene(StashObject):
    """A scene. The first of its files is the primary one; a scene may have none."""

    id: str
    title: str | None = None
    date: str | None = None
    updated_at: str
    paths: ScenePaths
    files: tuple[VideoFile, ...] = ()
    studio: Studio | None = None
    performers: tuple[ScenePerformer, ...] = ()
    stash_ids: tuple[StashID, ...] = ()
