"""Scenes: what is asked and changed."""

from collections.abc import AsyncIterator, Sequence

import httpx
from pydantic import TypeAdapter

from stash_sense.stash.connection import StashConnection, checked_id
from stash_sense.stash.errors import StashNotFound, StashRefused
from stash_sense.stash.objects.base import Reference
from stash_sense.stash.objects.scenes import Scene
from stash_sense.stash.paging import Found, Page, all_items, page_of, updated_after
from stash_sense.stash.performers_of import IdMode, PerformersOf
from stash_sense.stash.rate_limiter import Priority

_SCENE = TypeAdapter(Scene | None)
_SCENES = TypeAdapter(Found[Scene])
_CHANGED = TypeAdapter(Reference | None)
_DONE = TypeAdapter(bool)
_IDS = TypeAdapter(Found[Reference])
_IDS_PER_QUERY = 100
_IDS_PER_PAGE = 1000


class Scenes:
    """Stash's scenes. Every call raises StashError."""

    def __init__(self, connection: StashConnection) -> None:
        self._connection = connection
        self._performers = PerformersOf(connection, "scene")

    async def get(self, scene_id: str, priority: Priority = Priority.INTERACTIVE) -> Scene:
        """The scene with this id. Raises StashNotFound when there is none."""
        return await self._connection.get("scene", scene_id, _SCENE, priority)

    async def page(
        self, page: int, per_page: int, priority: Priority, updated_since: str | None = None
    ) -> Page[Scene]:
        """Page `page`, counted from 1, of all scenes by id, or of those that changed after (RFC 3339)."""
        variables = {"filter": page_of(page, per_page), "scene_filter": updated_after(updated_since)}
        return (await self._connection.api.repeatable("find_scenes", variables, _SCENES, priority)).page()

    async def page_of_several_files(self, page: int, per_page: int, priority: Priority) -> Page[Scene]:
        """Page `page`, counted from 1, of the scenes that have two or more files, by id."""
        several = {"file_count": {"value": 1, "modifier": "GREATER_THAN"}}
        variables = {"filter": page_of(page, per_page), "scene_filter": several}
        return (await self._connection.api.repeatable("find_scenes", variables, _SCENES, priority)).page()

    def all_ids(self, priority: Priority) -> AsyncIterator[Reference]:
        """The ids of all scenes, each once, in order."""
        return all_items(lambda page, size: self._page_of_ids(page, size, priority), _IDS_PER_PAGE)

    async def _page_of_ids(self, page: int, per_page: int, priority: Priority) -> Page[Reference]:
        variables = {"filter": page_of(page, per_page), "scene_filter": {}}
        return (await self._connection.api.repeatable("find_scene_ids", variables, _IDS, priority)).page()

    async def by_ids(self, scene_ids: Sequence[str], priority: Priority) -> list[Scene]:
        """Those of these scenes that there are, in no particular order."""
        found: list[Scene] = []
        for start in range(0, len(scene_ids), _IDS_PER_QUERY):
            found += await self._some(scene_ids[start : start + _IDS_PER_QUERY], priority)
        return found

    async def _some(self, scene_ids: Sequence[str], priority: Priority) -> list[Scene]:
        numbers = [int(checked_id("scene", scene_id)) for scene_id in scene_ids]
        api = self._connection.api
        try:
            variables = {"scene_ids": numbers}
            return list((await api.repeatable("find_scenes_by_ids", variables, _SCENES, priority)).items)
        except StashRefused:
            # Stash gives none of them when one is missing, and says so in words only.
            found: list[Scene] = []
            for scene_id in scene_ids:
                try:
                    found.append(await self.get(scene_id, priority))
                except StashNotFound:
                    continue
            return found

    def stream_url(self, scene_id: str) -> httpx.URL:
        """Where the primary file's content is served, in ranges; `origin.headers_for` it gives the key."""
        return httpx.URL(f"{self._connection.origin.base}/scene/{checked_id('scene', scene_id)}/stream")

    async def download_cover(self, scene: Scene, max_bytes: int) -> bytes | None:
        """The content of the scene's cover; None when it has none.

        Raises FetchTooLargeError beyond `max_bytes`.
        """
        downloads, link = self._connection.downloads, scene.paths.screenshot
        if link is None:
            return None
        try:
            return await downloads.get(f"cover of scene {scene.id}", link, f"/scene/{scene.id}/", max_bytes)
        except StashNotFound:
            return None

    async def set_primary_file(self, scene_id: str, file_id: str, priority: Priority) -> None:
        """Make one of the scene's files the primary one. Raises StashRefused for another's."""
        change = {"id": checked_id("scene", scene_id), "primary_file_id": file_id}
        await self._connection.api.repeatable("scene_update", {"input": change}, _CHANGED, priority)

    async def delete_files(self, file_ids: Sequence[str], priority: Priority) -> None:
        """Delete files, of any scenes, from Stash and its disk. Raises StashRefused for a primary file."""
        await self._connection.api.once("delete_files", {"ids": list(file_ids)}, _DONE, priority)

    async def ids_of_performer(self, performer_id: str, priority: Priority) -> list[str]:
        """The ids of all scenes that name this performer."""
        return await self._performers.ids(performer_id, priority)

    async def update_performers(
        self, scene_ids: Sequence[str], performer_ids: Sequence[str], mode: IdMode, priority: Priority
    ) -> None:
        """Add these performers to the scenes, remove them, or let them be the only ones."""
        await self._performers.update(scene_ids, performer_ids, mode, priority)
