"""Why two scenes are taken for the same, for the person who decides."""

from __future__ import annotations

from typing import Any

from stash_sense.analyses.duplicate_scenes.facts import WHOLE, SceneFacts
from stash_sense.analyses.duplicate_scenes.scoring import (
    date_bonus,
    duration_bonus,
    face_score,
    metadata_score,
    performer_points,
    score,
    studio_points,
)


def details_of(one: SceneFacts, other: SceneFacts) -> dict[str, Any]:
    """The details of the recommendation for ``one``: the partner, the score, and each signal's part in it."""
    shared = min(one.stash_ids & other.stash_ids, default=None)
    endpoint = shared[0] if shared else None
    faces, metadata = _about_faces(one, other), _about_metadata(one, other)
    known = f"{endpoint} knows both as one scene" if endpoint else ""
    return {
        "scene_b_id": str(other.scene_id),
        "confidence": _rounded(score(one, other)),
        "reasoning": [sentence for sentence in (known, faces, metadata) if sentence],
        "signal_breakdown": {
            "stashbox_match": shared is not None,
            "stashbox_endpoint": endpoint,
            "face_score": _rounded(face_score(one, other)),
            "face_reasoning": faces or "no performer was recognised in both",
            "metadata_score": _rounded(metadata_score(one, other)),
            "metadata_reasoning": metadata or "studio and performers do not agree",
        },
    }


def _about_faces(one: SceneFacts, other: SceneFacts) -> str:
    common = one.shares.keys() & other.shares.keys()
    if not common:
        return ""
    either = one.shares.keys() | other.shares.keys()
    difference = sum(abs(one.shares.get(who, 0) - other.shares.get(who, 0)) for who in either)
    who = f"{len(common)} of {len(either)}" if len(common) < len(either) else f"all {len(either)}"
    return (
        f"{who} recognised performers are in both; "
        f"their shares of the faces differ by {difference / len(either) / WHOLE:.0%} on average"
    )


def _about_metadata(one: SceneFacts, other: SceneFacts) -> str:
    said = []
    if studio_points(one, other):
        said.append("same studio")
    if performer_points(one, other):
        same = one.performer_ids == other.performer_ids
        said.append("same performers" if same else "most performers in common")
    if not said:
        return ""
    if one.date is not None and other.date is not None and date_bonus(one, other):
        days = abs(one.date - other.date)
        said.append("same date" if days == 0 else f"dates {days} days apart" if days > 1 else "a day apart")
    if one.duration is not None and other.duration is not None and duration_bonus(one, other):
        said.append(f"durations {abs(one.duration - other.duration):.0f} s apart")
    return ", ".join(said)


def _rounded(points: float) -> float:
    """To a tenth, downwards, so that no score looks like a threshold that it did not reach."""
    return int(points * 10 + 1e-6) / 10
