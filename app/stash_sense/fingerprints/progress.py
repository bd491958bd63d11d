"""What a generation was started with, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from stash_sense.library.jobs import JobStatus


@dataclass(frozen=True)
class GenerationConfig:
    """The contract's names and defaults.

    Attributes:
        refresh_outdated: whether fingerprints of an earlier recognition database are made anew.
        min_face_size: in pixels, on both sides.
        max_distance: largest fused cosine distance of a match, 0 to 2.
    """

    refresh_outdated: bool = True
    num_frames: int = 60
    min_face_size: int = 40
    max_distance: float = 0.5


@dataclass
class Tally:
    """How far it is.

    Attributes:
        total_scenes: in Stash, when it began.
        successful, failed: by this generation, also before it was interrupted.
        skipped: had a fingerprint already, or are gone from Stash.
    """

    total_scenes: int = 0
    successful: int = 0
    failed: int = 0
    skipped: int = 0
    current_scene_id: str | None = None
    current_scene_title: str | None = None
    error_message: str | None = None

    @property
    def processed_scenes(self) -> int:
        return self.successful + self.failed + self.skipped

    @property
    def progress_pct(self) -> float:
        """0 to 100, with one decimal."""
        return round(100 * self.processed_scenes / self.total_scenes, 1) if self.total_scenes else 0.0

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What ``kept`` has of it."""
        return cls(**{field.name: kept[field.name] for field in fields(cls) if field.name in kept})

    def kept(self) -> dict[str, Any]:
        """As it is kept in the database."""
        return asdict(self)


@dataclass(frozen=True)
class Generation:
    """The last or present one."""

    status: JobStatus
    tally: Tally
