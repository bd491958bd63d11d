"""Who is in one of Stash's scenes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from stash_sense.http.answers import match_answer, signal_answers
from stash_sense.http.disconnect import unless_gone
from stash_sense.http.examples import STASH_SCENE_EXAMPLES
from stash_sense.http.models import Problem
from stash_sense.http.scene_models import ScenePerson, SceneRequest, SceneResponse, Timing
from stash_sense.identification.scene import SceneIdentifier
from stash_sense.identification.scene_knobs import SceneKnobs
from stash_sense.identification.scene_result import IdentifiedPerson, SceneIdentification
from stash_sense.library.library import Library
from stash_sense.signals.reports import off

_PROBLEMS: dict[int | str, dict[str, Any]] = {code: {"model": Problem} for code in (400, 404, 502, 503)}

_TOO_LITTLE = "too little of the film could be seen (errors says why); what was remembered before stays"


def identify_scene_router(scenes: SceneIdentifier, library: Library) -> APIRouter:
    router = APIRouter(prefix="/identify", tags=["identify"])

    @router.post("/scene", responses=_PROBLEMS)
    async def identify_scene(
        request: Request, asked: Annotated[SceneRequest, Body(openapi_examples=STASH_SCENE_EXAMPLES)]
    ) -> SceneResponse:
        """Name the people in a scene's film and cover, and remember them as its fingerprint."""

        async def look() -> SceneResponse:
            found = await scenes.identify(asked.scene_id, _knobs(asked))
            if found.fingerprint is None:
                return _answer(found, asked, _TOO_LITTLE)
            return _answer(found, asked, await library.save_scene(found.fingerprint))

        return await unless_gone(request, look())

    return router


def _knobs(asked: SceneRequest) -> SceneKnobs:
    return SceneKnobs(
        num_frames=asked.num_frames,
        start_offset_pct=asked.start_offset_pct,
        end_offset_pct=asked.end_offset_pct,
        min_face_size=asked.min_face_size,
        min_face_confidence=asked.min_face_confidence,
        top_k=asked.top_k,
        max_distance=asked.max_distance,
        cluster_threshold=asked.cluster_threshold,
        matching_mode=asked.matching_mode,
        tagged=frozenset(asked.scene_performer_stashdb_ids),
    )


def _answer(found: SceneIdentification, asked: SceneRequest, unsaved: str | None) -> SceneResponse:
    tagged = frozenset(asked.scene_performer_stashdb_ids)
    return SceneResponse(
        scene_id=found.scene_id,
        frames_analyzed=found.frames_analyzed,
        frames_requested=found.frames_requested,
        faces_detected=found.faces_detected,
        faces_after_filter=found.faces_after_filter,
        persons=[_person(number, person, tagged) for number, person in enumerate(found.persons)],
        errors=list(found.errors),
        fingerprint_saved=unsaved is None,
        fingerprint_error=unsaved,
        timing=Timing.model_validate(found.timing, from_attributes=True),
        signals=signal_answers(off("scenes are recognised by their faces alone")),
    )


def _person(number: int, person: IdentifiedPerson, tagged: frozenset[str]) -> ScenePerson:
    matches = [
        match_answer(match, already_tagged=match.performer.stashdb_id in tagged) for match in person.matches
    ]
    return ScenePerson(
        person_id=number,
        frame_count=person.frame_count,
        best_match=matches[0] if matches else None,
        all_matches=matches,
    )
