"""The blocking part of identifying a scene: from its film to its persons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from stash_sense.identification.cover import cover_frame, is_placeholder
from stash_sense.identification.face_collector import FaceCollector, FaceOfFrame
from stash_sense.identification.film_frames import FilmSource, film_frames
from stash_sense.identification.prefetch import prefetched
from stash_sense.identification.scene_knobs import SceneKnobs
from stash_sense.identification.scene_result import IdentifiedPerson, SceneIdentification, SceneTiming
from stash_sense.identification.stopwatch import Stopwatch
from stash_sense.identification.troubles import Troubles
from stash_sense.media.decode import ImageError, ImageLimits
from stash_sense.media.video.stop import CancelledWorkError, Stop
from stash_sense.recognition.fusion import Candidate
from stash_sense.recognition.recogniser import PerformerMatch, search
from stash_sense.recognition.scene.faces import SceneFace, joined_vector
from stash_sense.recognition.scene.modes import MatchingRules, find_persons
from stash_sense.recognition.scene.persons import Person
from stash_sense.service import Loaded

# Frames decoded ahead: one to take while the next is being made. A frame of 4K has 25 MB.
_AHEAD: Final = 2
# Faces asked about at a time; between two batches the work can be ended.
_SEARCHED_AT_ONCE: Final = 256


@dataclass(frozen=True)
class SceneJob:
    """All that is needed to know about a scene.

    Attributes:
        cover: the cover's encoded picture, None without one.
        video_width: in pixels, as Stash knows it; 0 when it does not.
        notes: what went wrong before.
    """

    scene_id: str
    source: FilmSource
    cover: bytes | None
    video_width: int
    knobs: SceneKnobs
    notes: tuple[str, ...] = ()


class SceneWork:
    """One scene. ``run`` is to be called once, in a thread."""

    def __init__(
        self,
        job: SceneJob,
        loaded: Loaded,
        limits: ImageLimits,
        stop: Stop,
        give_way: Callable[[], None],
    ) -> None:
        """``give_way`` is called before each frame, and may take its time."""
        self._job = job
        self._database = loaded.database
        self._limits = limits
        self._stop = stop
        self._give_way = give_way
        self._troubles = Troubles()
        for note in job.notes:
            self._troubles.add(note)
        self._watch = Stopwatch()
        knobs = job.knobs
        self._collector = FaceCollector(
            loaded.pipeline, knobs.min_face_confidence, knobs.min_face_size, self._watch
        )

    def run(self) -> SceneIdentification:
        """Look at the film and the cover, and say who is in them.

        Raises:
            VideoSourceError: the server does not hand the film out at all.
            FfmpegMissingError, ModelError, CancelledWorkError.
        """
        with self._watch.measure("total"):
            width = self._look_at_film()
            of_film = self._collector.frames
            self._look_at_cover(width or self._job.video_width)
            found = self._collector.finish()
            with self._watch.measure("recognition"):
                faces = self._recognised(found)
            with self._watch.measure("matching"):
                persons = find_persons(faces, self._rules(faces))
        return SceneIdentification(
            scene_id=self._job.scene_id,
            frames_requested=self._job.knobs.num_frames,
            frames_analyzed=self._collector.frames,
            film_frames=of_film,
            unfinished=self._troubles.unfinished,
            faces_detected=self._collector.detected,
            faces_after_filter=len(found),
            persons=tuple(self._named(person) for person in persons),
            errors=tuple(self._troubles.lines()),
            timing=self._timing(),
            db_version=self._database.manifest.version,
        )

    def _look_at_film(self) -> int:
        """Gives the width of the film's frames in pixels; 0 without any."""
        job, width = self._job, 0
        frames = film_frames(job.source, job.knobs, self._stop, self._troubles, self._watch)
        for pixels in prefetched(frames, _AHEAD, self._stop):
            self._give_way()
            self._collector.add(pixels)
            width = pixels.shape[1]
        return width

    def _look_at_cover(self, video_width: int) -> None:
        if self._job.cover is None or is_placeholder(self._job.cover):
            return
        try:
            with self._watch.measure("extraction"):
                pixels = cover_frame(self._job.cover, self._limits, video_width)
        except ImageError as error:
            self._troubles.add(f"the cover is passed over: {error}")
            return
        self._collector.add(pixels)

    def _recognised(self, found: list[FaceOfFrame]) -> list[SceneFace]:
        faces: list[SceneFace] = []
        for start in range(0, len(found), _SEARCHED_AT_ONCE):
            if self._stop.cancelled:
                raise CancelledWorkError("the work was cancelled")
            part = found[start : start + _SEARCHED_AT_ONCE]
            near = search(self._database, [item.face for item in part])
            faces += [
                SceneFace(
                    item.frame,
                    joined_vector(item.face.facenet, item.face.arcface),
                    self._eligible(candidates),
                )
                for item, candidates in zip(part, near, strict=True)
            ]
        return faces

    def _eligible(self, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
        most = self._job.knobs.max_distance
        return tuple(
            c for c in candidates if c.distance <= most and c.universal_id in self._database.performers
        )

    def _rules(self, faces: list[SceneFace]) -> MatchingRules:
        knobs, performers = self._job.knobs, self._database.performers
        seen = {candidate.universal_id for face in faces for candidate in face.candidates}
        return MatchingRules(
            mode=knobs.matching_mode,
            top_k=knobs.top_k,
            max_distance=knobs.max_distance,
            cluster_threshold=knobs.cluster_threshold,
            tagged=frozenset(name for name in seen if performers[name].stashdb_id in knobs.tagged),
        )

    def _named(self, person: Person) -> IdentifiedPerson:
        matches = (PerformerMatch(self._database.performers[c.universal_id], c) for c in person.matches)
        return IdentifiedPerson(
            frame_count=len(person.frames),
            face_count=person.face_count,
            mean_confidence=person.mean_confidence,
            matches=tuple(matches),
            counted_elsewhere=person.counted_elsewhere,
        )

    def _timing(self) -> SceneTiming:
        ms = self._watch.ms
        return SceneTiming(
            total_ms=ms("total"),
            extraction_ms=ms("extraction"),
            detection_ms=ms("detection"),
            embedding_ms=ms("embedding"),
            recognition_ms=ms("recognition"),
            matching_ms=ms("matching"),
            face_loop_ms=round(ms("cutting") + ms("embedding") + ms("recognition"), 1),
        )
