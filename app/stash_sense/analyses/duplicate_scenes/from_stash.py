"""From Stash's scene to what is compared of it."""

from __future__ import annotations

from collections.abc import Mapping

from stash_sense.analyses.duplicate_scenes.facts import SceneFacts, day_of
from stash_sense.stash.objects.scenes import Scene


def facts_of(scene: Scene, shares: Mapping[str, int]) -> SceneFacts:
    """``shares``: of the scene's recognised performers, in millionths; see ``SceneFacts``."""
    # A length of 0 is Stash's word for one that its probe could not tell.
    duration = scene.files[0].duration if scene.files and scene.files[0].duration > 0 else None
    return SceneFacts(
        scene_id=int(scene.id),
        stash_ids=frozenset((known.endpoint, known.stash_id) for known in scene.stash_ids),
        studio_id=int(scene.studio.id) if scene.studio else None,
        performer_ids=frozenset(int(performer.id) for performer in scene.performers),
        date=day_of(scene.date),
        duration=duration,
        shares=shares,
    )
