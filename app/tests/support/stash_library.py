"""What a test's Stash holds: everything by id, open to be changed while the server runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av

LONG_AGO = "2025-01-01T00:00:00Z"


def now() -> str:
    """The time as Stash writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class StashPicture:
    """An image in Stash. `content` None: the file is gone from the disk."""

    content: bytes | None
    width: int = 0
    height: int = 0
    title: str | None = None
    media_type: str = "image/jpeg"
    thumbnail: bytes = b""
    is_clip: bool = False
    gallery_ids: tuple[str, ...] = ()
    performer_ids: list[str] = field(default_factory=list)
    updated_at: str = LONG_AGO


@dataclass
class StashFile:
    """A scene's file. `content` None: the file is gone from the disk."""

    id: str
    path: str = "/films/film.mp4"
    size: int = 0
    duration: float = 0.0
    video_codec: str = "h264"
    audio_codec: str = "aac"
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    bit_rate: int = 0
    content: Path | None = None

    @classmethod
    def of(cls, file_id: str, film: Path, **other: Any) -> StashFile:
        """The film as Stash's scan would describe it."""
        with av.open(film) as container:
            video = next(iter(container.streams.video), None)
            sound = next(iter(container.streams.audio), None)
            known = {
                "path": f"/films/{film.name}",
                "size": film.stat().st_size,
                "duration": (container.duration or 0) / 1_000_000,
                "bit_rate": container.bit_rate or 0,
                "video_codec": video.codec_context.codec.canonical_name if video else "",
                "audio_codec": sound.codec_context.codec.canonical_name if sound else "",
                "width": video.width if video else 0,
                "height": video.height if video else 0,
                "frame_rate": float(video.average_rate or 0) if video else 0.0,
            }
        return cls(file_id, content=film, **{**known, **other})


@dataclass
class StashScene:
    """A scene. The first file is the primary one. `stash_ids`: pairs of endpoint and id there."""

    title: str | None = None
    files: list[StashFile] = field(default_factory=list)
    date: str | None = None
    studio_id: str | None = None
    performer_ids: list[str] = field(default_factory=list)
    stash_ids: list[tuple[str, str]] = field(default_factory=list)
    cover: bytes | None = None
    updated_at: str = LONG_AGO


@dataclass
class StashGallery:
    """A gallery; its images say that they are in it."""

    title: str | None = None
    performer_ids: list[str] = field(default_factory=list)
    updated_at: str = LONG_AGO


@dataclass
class StashPerformer:
    """A performer. `stash_ids`: pairs of endpoint and id there."""

    name: str
    disambiguation: str | None = None
    alias_list: list[str] = field(default_factory=list)
    gender: str | None = None
    birthdate: str | None = None
    death_date: str | None = None
    ethnicity: str | None = None
    country: str | None = None
    eye_color: str | None = None
    hair_color: str | None = None
    height_cm: int | None = None
    weight: int | None = None
    measurements: str | None = None
    fake_tits: str | None = None
    tattoos: str | None = None
    piercings: str | None = None
    career_length: str | None = None
    urls: list[str] = field(default_factory=list)
    details: str | None = None
    favorite: bool = False
    stash_ids: list[tuple[str, str]] = field(default_factory=list)
    updated_at: str = LONG_AGO


@dataclass
class StashBoxSetting:
    """A stash-box as the user has set it up in Stash."""

    endpoint: str
    name: str
    api_key: str


@dataclass
class StashLibrary:
    """Everything that Stash holds."""

    scenes: dict[str, StashScene] = field(default_factory=dict)
    images: dict[str, StashPicture] = field(default_factory=dict)
    galleries: dict[str, StashGallery] = field(default_factory=dict)
    performers: dict[str, StashPerformer] = field(default_factory=dict)
    # Names by id.
    studios: dict[str, str] = field(default_factory=dict)
    stash_boxes: list[StashBoxSetting] = field(default_factory=list)
    # Settings by plugin.
    plugins: dict[str, dict[str, Any]] = field(default_factory=dict)
