"""A way to look at scenes whose outcome is written down beforehand; Stash and the database are real ones."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from stash_sense.identification.scene_knobs import SceneKnobs
from stash_sense.identification.scene_result import SceneIdentification, SceneTiming
from stash_sense.stash.client import Priority, StashClient

VERSION = "2026.02.12"


@dataclass
class ScriptedScenes:
    """Asks Stash for each scene, as the real one does, and then does what is written.

    Attributes:
        errors: by scene: what looking at it raises.
        unseen: scenes of which no frame of the film can be had, but the cover.
        hold_at: the scene at which it stays until it is released.
        seen: what was looked at, with which knobs.
    """

    stash: StashClient
    errors: dict[str, Exception] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)
    hold_at: str | None = None
    version: str | None = VERSION
    held: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    seen: list[str] = field(default_factory=list)
    knobs: SceneKnobs | None = None
    priorities: set[Priority] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0

    async def identify(
        self, scene_id: str, knobs: SceneKnobs, priority: Priority = Priority.INTERACTIVE
    ) -> SceneIdentification:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.stash.scenes.get(scene_id, priority)
            self.seen.append(scene_id)
            self.knobs = knobs
            self.priorities.add(priority)
            if scene_id == self.hold_at:
                self.held.set()
                await self.released.wait()
            if scene_id in self.errors:
                raise self.errors[scene_id]
            return self._result(scene_id, knobs)
        finally:
            self.at_once -= 1

    def _result(self, scene_id: str, knobs: SceneKnobs) -> SceneIdentification:
        frames = 0 if scene_id in self.unseen else knobs.num_frames
        return SceneIdentification(
            scene_id=scene_id,
            frames_requested=knobs.num_frames,
            frames_analyzed=frames or 1,
            film_frames=frames,
            unfinished=not frames,
            faces_detected=0,
            faces_after_filter=0,
            persons=(),
            errors=() if frames else ("no frame could be decoded",),
            timing=SceneTiming(0, 0, 0, 0, 0, 0, 0),
            db_version=self.version or "",
        )
