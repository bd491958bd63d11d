"""Who is in a gallery of Stash's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import anyio

from stash_sense.identification.gallery_performers import (
    GalleryPerformer,
    gallery_performers,
    nearest_matches,
)
from stash_sense.identification.image_fingerprint import image_fingerprint
from stash_sense.identification.lanes import Lane, Lanes
from stash_sense.inference.manifest import ModelError
from stash_sense.library.library import Library
from stash_sense.media.decode import ImageError
from stash_sense.media.fetch import FetchError
from stash_sense.recognition.recogniser import PerformerMatch, Query
from stash_sense.service import NotReadyError, RecognitionService
from stash_sense.signals.reports import SignalReport, of_several
from stash_sense.stash.client import Priority, StashClient, StashError
from stash_sense.stash.objects.images import StashImage

logger = logging.getLogger(__name__)

# The plugin waits for 300 s; the images in hand end after this.
GALLERY_SECONDS: Final = 260.0
# Images fetched and in memory at a time; one of them is being analysed while the others are on their way.
_AT_ONCE: Final = 4
_MOST_ERRORS: Final = 10


@dataclass(frozen=True)
class GalleryIdentification:
    """The answer about one gallery.

    Attributes:
        images_processed: those that could be read.
        performers: those of most images first.
        errors: at most ten lines.
        signals: what became of each signal in the images.
    """

    gallery_id: str
    total_images: int
    images_processed: int
    faces_detected: int
    performers: tuple[GalleryPerformer, ...]
    errors: tuple[str, ...]
    signals: tuple[SignalReport, ...]


@dataclass(frozen=True)
class _Seen:
    faces: int
    matches: dict[str, PerformerMatch]
    signals: Sequence[SignalReport]


class GalleryIdentifier:
    """Looks at a gallery's images one after the other, fetching ahead. For use from one event loop."""

    def __init__(
        self, service: RecognitionService, stash: StashClient, library: Library, lanes: Lanes
    ) -> None:
        self._service = service
        self._stash = stash
        self._library = library
        self._lanes = lanes

    async def identify(self, gallery_id: str, query: Query) -> GalleryIdentification:
        """Name the people in a gallery and remember each image's. A cancellation ends the work soon.

        Raises:
            StashError: not configured, no such gallery, unreachable.
            NotReadyError: no models or no database yet, or no turn in time.
        """
        deadline = asyncio.get_running_loop().time() + GALLERY_SECONDS
        gallery = await self._stash.galleries.get(gallery_id, Priority.INTERACTIVE)
        self._service.loaded()
        images = await self._stash.galleries.images(gallery.id, Priority.INTERACTIVE)
        looker = _Looker(self._service, self._stash, self._library, gallery.id, query, deadline)
        try:
            async with self._lanes.turn(Lane.INTERACTIVE, GALLERY_SECONDS):
                await looker.look_at(images)
        except TimeoutError as error:
            raise NotReadyError("busy with other scenes and galleries; try again later") from error
        return looker.result(images)


@dataclass(eq=False)
class _Looker:
    """One gallery being looked at."""

    service: RecognitionService
    stash: StashClient
    library: Library
    gallery_id: str
    query: Query
    deadline: float
    # One after the other: whoever asks about a single picture meanwhile is not held up by a queue.
    turn: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(1))
    seen: dict[str, _Seen] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    async def look_at(self, images: Sequence[StashImage]) -> None:
        waiting = iter(images)
        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(self._work(waiting))
        left = list(waiting)
        if left:
            self.errors.append(f"the time was up: {len(left)} of {len(images)} images were not looked at")

    def result(self, images: Sequence[StashImage]) -> GalleryIdentification:
        # In the gallery's order, whichever was read first.
        seen = {image.id: self.seen[image.id] for image in images if image.id in self.seen}
        found = GalleryIdentification(
            gallery_id=self.gallery_id,
            total_images=len(images),
            images_processed=len(seen),
            faces_detected=sum(image.faces for image in seen.values()),
            performers=tuple(gallery_performers({name: image.matches for name, image in seen.items()})),
            errors=tuple(_few(self.errors)),
            signals=tuple(of_several([image.signals for image in seen.values()])),
        )
        logger.info(
            "identified: gallery %s, %d of %d images, %d faces, %d performers",
            found.gallery_id,
            found.images_processed,
            found.total_images,
            found.faces_detected,
            len(found.performers),
        )
        return found

    async def _work(self, waiting: Iterator[StashImage]) -> None:
        now = asyncio.get_running_loop().time
        while now() < self.deadline and (image := next(waiting, None)) is not None:
            try:
                await self._look(image)
            except (StashError, FetchError, ImageError, ModelError, NotReadyError) as error:
                self.errors.append(f"image {image.id}: {error}")

    async def _look(self, image: StashImage) -> None:
        data = await self.stash.images.download(image, self.service.limits.max_bytes)
        found = await self.service.identify(data, self.query, self.turn)
        self.seen[image.id] = _Seen(len(found.faces), nearest_matches(found.faces), found.signals)
        unsaved = await self.library.save_image(image_fingerprint(image, found, self.gallery_id))
        if unsaved is not None:
            self.errors.append(f"image {image.id} is not remembered: {unsaved}")


def _few(errors: list[str]) -> list[str]:
    if len(errors) <= _MOST_ERRORS:
        return errors
    return [*errors[: _MOST_ERRORS - 1], f"and {len(errors) - _MOST_ERRORS + 1} more errors"]
