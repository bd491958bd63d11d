"""Scenes that have the same content in several files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stash_sense.analyses.base import AnalysisContext, Draft, Watermark
from stash_sense.analyses.readable import readable_duration, readable_size
from stash_sense.stash.objects.scenes import Scene, VideoFile
from stash_sense.stash.paging import PER_PAGE

_CODEC_POINTS = {"hevc": 100.0, "h265": 100.0, "h264": 50.0, "avc": 50.0}


class DuplicateSceneFiles:
    """Recommends to keep the best one."""

    type = "duplicate_scene_files"
    description = "Finds scenes with two or more files, of which the best can be kept"

    async def run(self, context: AnalysisContext) -> None:
        drafts: list[Draft] = []
        causes: set[str] = set()
        async for scene in context.every(context.stash.scenes.page_of_several_files):
            drafts.append(draft(scene))
            causes.add(scene.id)
            if len(drafts) == PER_PAGE:
                await context.recommend_all(drafts)
                drafts.clear()
        await context.recommend_all(drafts)
        await context.retire("scene", causes)
        await context.set_watermark(Watermark())


def draft(scene: Scene) -> Draft:
    """The recommendation for a scene of two or more files."""
    files = best_first(scene.files)
    total = sum(file.size for file in files)
    savings = total - files[0].size
    details = {
        "scene_title": scene.title or scene.files[0].basename,
        "files": [_file(file, keeper=file is files[0]) for file in files],
        "suggested_keeper_id": files[0].id,
        "total_size": total,
        "total_size_formatted": readable_size(total),
        "potential_savings": savings,
        "potential_savings_formatted": readable_size(savings),
        "performers": [{"id": one.id, "name": one.name} for one in scene.performers],
        "studio": scene.studio.name if scene.studio is not None else None,
    }
    return Draft("scene", scene.id, details, confidence=1.0)


def quality_score(file: VideoFile) -> float:
    """One point per 10,000 pixels, one per Mbit/s, 100 for HEVC, 50 for H.264."""
    codec = _CODEC_POINTS.get(file.video_codec.lower(), 0.0)
    return file.width * file.height / 10_000 + file.bit_rate / 1_000_000 + codec


def best_first(files: Iterable[VideoFile]) -> list[VideoFile]:
    """By score; among equals the larger, then the one that has been there longest."""
    return sorted(files, key=lambda file: (-quality_score(file), -file.size, int(file.id)))


def _file(file: VideoFile, *, keeper: bool) -> dict[str, Any]:
    return {
        "id": file.id,
        "path": file.path,
        "basename": file.basename,
        "size": file.size,
        "size_formatted": readable_size(file.size),
        "duration": file.duration,
        "duration_formatted": readable_duration(file.duration),
        "video_codec": file.video_codec,
        "audio_codec": file.audio_codec,
        "width": file.width,
        "height": file.height,
        "resolution": f"{file.width}x{file.height}",
        "frame_rate": file.frame_rate,
        "bit_rate": file.bit_rate,
        "quality_score": round(quality_score(file), 2),
        "is_suggested_keeper": keeper,
    }
