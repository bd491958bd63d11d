"""A made-up library of scenes: served as Stash does, with fingerprints in the sidecar's database."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stash_sense.analyses.duplicate_scenes.facts import SceneFacts
from stash_sense.library.library import Library
from stash_sense.library.schema import scene_fingerprint_faces, scene_fingerprints
from tests.support.threaded_server import serving

ENDPOINT = "https://stashdb.org/graphql"
PERFORMERS = 10_000
STUDIOS = 2_000
DUPLICATES = 0.02
FIRST_DAY = 735_000


@dataclass(frozen=True)
class SceneLibrary:
    """As many ``scenes``; the first ``crowd`` are of one performer and one studio.

    A few performers are in very many scenes and most in few (Zipf); every fiftieth scene is there twice, in
    another cut.
    """

    scenes: int
    crowd: int = 0
    seed: int = 1

    def facts(self) -> Iterator[SceneFacts]:
        """All scenes, always the same."""
        random = np.random.default_rng(self.seed)
        often = 1 / np.arange(1, PERFORMERS + 1) ** 0.8
        often /= often.sum()
        before: SceneFacts | None = None
        for number in range(1, self.scenes + 1):
            if before is not None and random.random() < DUPLICATES:
                yield self._again(before, number, random)
                continue
            if number <= self.crowd:
                who, studio = [1, *random.integers(2, PERFORMERS, int(random.random() < 0.3)).tolist()], 1
            else:
                who = sorted(set(random.choice(PERFORMERS, int(random.integers(1, 4)), p=often).tolist()))
                studio = int(random.integers(2, STUDIOS))
            shares = random.dirichlet(np.full(len(who), 5.0)) * random.uniform(0.8, 1.0)
            before = SceneFacts(
                scene_id=number,
                stash_ids=frozenset({(ENDPOINT, f"scene-{number}")} if random.random() < 0.5 else ()),
                studio_id=studio if random.random() < 0.8 else None,
                performer_ids=frozenset(one + 1 for one in who) if random.random() < 0.9 else frozenset(),
                date=FIRST_DAY + int(random.integers(0, 5000)) if random.random() < 0.8 else None,
                duration=round(float(random.uniform(300, 3600)), 2),
                shares={
                    f"performer-{one}": round(float(share) * 1_000_000)
                    for one, share in zip(who, shares, strict=True)
                },
            )
            yield before

    @staticmethod
    def _again(scene: SceneFacts, number: int, random: np.random.Generator) -> SceneFacts:
        return SceneFacts(
            scene_id=number,
            stash_ids=scene.stash_ids if random.random() < 0.5 else frozenset(),
            studio_id=scene.studio_id,
            performer_ids=scene.performer_ids,
            date=scene.date,
            duration=None if scene.duration is None else scene.duration + float(random.uniform(0, 20)),
            shares={who: round(share * random.uniform(0.9, 1.0)) for who, share in scene.shares.items()},
        )

    async def save_fingerprints(self, folder: Path) -> None:
        """Write them into the database that a sidecar with this data folder has."""
        library = Library(folder)
        prints, faces = [], []
        for scene in self.facts():
            prints.append(
                {
                    "id": scene.scene_id,
                    "stash_scene_id": str(scene.scene_id),
                    "total_faces": 100,
                    "frames_analyzed": 60,
                    "fingerprint_status": "complete",
                }
            )
            faces += [
                {
                    "fingerprint_id": scene.scene_id,
                    "performer_id": who,
                    "face_count": share // 10_000,
                    "avg_confidence": 0.7,
                    "proportion": share / 1_000_000,
                }
                for who, share in scene.shares.items()
            ]
        await library.writing(lambda connection: connection.execute(scene_fingerprints.insert(), prints))
        await library.writing(lambda connection: connection.execute(scene_fingerprint_faces.insert(), faces))
        await library.stop()


@contextlib.contextmanager
def serve(library: SceneLibrary) -> Iterator[str]:
    """Its pages as Stash gives them; yields the base address."""
    scenes = [json.dumps(_scene(scene)) for scene in library.facts()]

    async def graphql(request: Request) -> Response:
        asked = (await request.json())["variables"]["filter"]
        # The document renames what it asks for.
        start = (asked["page"] - 1) * asked["per_page"]
        page = ",".join(scenes[start : start + asked["per_page"]])
        found = f'{{"data": {{"findScenes": {{"count": {len(scenes)}, "items": [{page}]}}}}}}'
        return Response(found, media_type="application/json")

    with serving(Starlette(routes=[Route("/graphql", graphql, methods=["POST"])])) as address:
        yield address


def _scene(scene: SceneFacts) -> dict[str, Any]:
    file = {
        "id": str(scene.scene_id),
        "path": f"/films/{scene.scene_id}.mp4",
        "basename": f"{scene.scene_id}.mp4",
        "size": 10**9,
        "duration": scene.duration,
        "video_codec": "h264",
        "audio_codec": "aac",
        "width": 1920,
        "height": 1080,
        "frame_rate": 25.0,
        "bit_rate": 6_000_000,
    }
    return {
        "id": str(scene.scene_id),
        "title": f"Scene {scene.scene_id}",
        "date": None if scene.date is None else dt.date.fromordinal(scene.date).isoformat(),
        "updated_at": "2025-01-01T00:00:00Z",
        "paths": {"screenshot": None},
        "files": [file],
        "studio": None if scene.studio_id is None else {"id": str(scene.studio_id), "name": "A studio"},
        "performers": [
            {
                "id": str(one),
                "name": f"Performer {one}",
                "stash_ids": [{"endpoint": ENDPOINT, "stash_id": f"performer-{one}"}],
            }
            for one in scene.performer_ids
        ],
        "stash_ids": [{"endpoint": endpoint, "stash_id": known} for endpoint, known in scene.stash_ids],
    }
