"""The test library's objects as GraphQL values; what costs something is a function, called when asked for."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from tests.support.stash_library import LONG_AGO, StashFile, StashLibrary

_TIMES = {"created_at": LONG_AGO, "mod_time": LONG_AGO}


class Answers:
    """Of one library; `base` is the address that Stash believes to be its own."""

    def __init__(self, library: StashLibrary, base: str) -> None:
        self._library = library
        self._base = base

    def scene(self, scene_id: str) -> dict[str, Any]:
        scene = self._library.scenes[scene_id]
        link = f"{self._base}/scene/{scene_id}"
        return {
            **_TIMES,
            **{name: getattr(scene, name) for name in ("title", "date", "updated_at")},
            "id": scene_id,
            "urls": [],
            "organized": False,
            "files": [_video_file(file) for file in scene.files],
            "paths": {"screenshot": f"{link}/screenshot?t=1735689600", "stream": f"{link}/stream"},
            "galleries": [],
            "studio": self._studio(scene.studio_id),
            "performers": lambda _: [self.performer(known) for known in scene.performer_ids],
            "stash_ids": _stash_ids(scene.stash_ids),
        }

    def image(self, image_id: str) -> dict[str, Any]:
        picture = self._library.images[image_id]
        link = f"{self._base}/image/{image_id}"
        file: dict[str, Any] = {
            **_TIMES,
            "updated_at": LONG_AGO,
            "id": f"10{image_id}",
            "path": f"/photos/{image_id}.jpg",
            "basename": f"{image_id}.jpg",
            "size": len(picture.content or b""),
            "width": picture.width,
            "height": picture.height,
        }
        return {
            **_TIMES,
            "updated_at": picture.updated_at,
            "id": image_id,
            "title": picture.title,
            "organized": False,
            "visual_files": [{**file, "duration": 3.0} if picture.is_clip else file],
            "paths": {
                "image": f"{link}/image?t=1735689600",
                "thumbnail": f"{link}/thumbnail?t=1735689600",
            },
            "galleries": lambda _: [self.gallery(known) for known in picture.gallery_ids],
            "performers": lambda _: [self.performer(known) for known in picture.performer_ids],
        }

    def gallery(self, gallery_id: str) -> dict[str, Any]:
        gallery = self._library.galleries.get(gallery_id)
        images = list(self._library.images.values())
        return {
            **_TIMES,
            "updated_at": gallery.updated_at if gallery else LONG_AGO,
            "id": gallery_id,
            "title": gallery.title if gallery else None,
            "organized": False,
            "scenes": [],
            "image_count": lambda _: sum(gallery_id in image.gallery_ids for image in images),
            "performers": lambda _: [
                self.performer(known) for known in (gallery.performer_ids if gallery else ())
            ],
        }

    def performer(self, performer_id: str) -> dict[str, Any]:
        library, performer = self._library, self._library.performers[performer_id]

        def count(content: dict[str, Any]) -> Any:
            return lambda _: sum(performer_id in item.performer_ids for item in list(content.values()))

        return {
            **_TIMES,
            **vars(performer),
            **single_links(performer.urls),
            "id": performer_id,
            "ignore_auto_tag": False,
            "image_path": f"{self._base}/performer/{performer_id}/image?t=1735689600",
            "scene_count": count(library.scenes),
            "image_count": count(library.images),
            "gallery_count": count(library.galleries),
            "scenes": lambda _: [
                self.scene(known)
                for known, scene in library.scenes.items()
                if performer_id in scene.performer_ids
            ],
            "stash_ids": _stash_ids(performer.stash_ids),
        }

    def _studio(self, studio_id: str | None) -> dict[str, str] | None:
        return None if studio_id is None else {"id": studio_id, "name": self._library.studios[studio_id]}


def single_links(urls: list[str]) -> dict[str, str | None]:
    """The three addresses that Stash derives from the list (and had instead of it before 0.27)."""
    sites = {"twitter": ("twitter.com", "x.com"), "instagram": ("instagram.com",)}
    links: dict[str, str | None] = {
        name: next((url for url in urls if any(f"//{site}/" in url for site in of)), None)
        for name, of in sites.items()
    }
    return {"url": next((url for url in urls if url not in links.values()), None), **links}


def _video_file(file: StashFile) -> dict[str, Any]:
    return {
        **_TIMES,
        **vars(file),
        "updated_at": LONG_AGO,
        "basename": PurePosixPath(file.path).name,
        "format": PurePosixPath(file.path).suffix.removeprefix("."),
    }


def _stash_ids(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"endpoint": endpoint, "stash_id": stash_id} for endpoint, stash_id in pairs]
