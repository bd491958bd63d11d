"""From what was recognised to what is promised over HTTP."""

from __future__ import annotations

from collections.abc import Iterable

from stash_sense.http.models import (
    Body,
    Box,
    Face,
    IdentifyImageResponse,
    IdentifyResponse,
    Match,
    Signal,
)
from stash_sense.recognition.recogniser import IdentifiedFace, PerformerMatch
from stash_sense.service import Identification
from stash_sense.signals.body.ratios import BodyRatios
from stash_sense.signals.reports import SignalReport


def identify_response(found: Identification) -> IdentifyResponse:
    return IdentifyResponse(
        faces=_faces(found), face_count=len(found.faces), signals=signal_answers(found.signals)
    )


def identify_image_response(found: Identification, fingerprint_error: str | None) -> IdentifyImageResponse:
    return IdentifyImageResponse(
        faces=_faces(found),
        face_count=len(found.faces),
        signals=signal_answers(found.signals),
        fingerprint_saved=fingerprint_error is None,
        fingerprint_error=fingerprint_error,
    )


def _faces(found: Identification) -> list[Face]:
    return [
        _face(face, body, found.width, found.height)
        for face, body in zip(found.faces, found.bodies, strict=True)
    ]


def signal_answers(reports: Iterable[SignalReport]) -> list[Signal]:
    return [Signal(name=s.name, state=s.state, reason=s.reason) for s in reports]


def _face(found: IdentifiedFace, body: BodyRatios | None, width: int, height: int) -> Face:
    # The detector may reach beyond the picture; a box drawn by the plugin must not.
    x1, y1, x2, y2 = found.face.box
    left, top = max(0, round(x1)), max(0, round(y1))
    right, bottom = min(width, round(x2)), min(height, round(y2))
    box = Box(x=left, y=top, width=right - left, height=bottom - top, confidence=found.face.score)
    return Face(box=box, matches=[match_answer(match) for match in found.matches], body=_body(body))


def _body(body: BodyRatios | None) -> Body | None:
    if body is None:
        return None
    return Body(
        shoulder_hip_ratio=body.shoulder_hip,
        leg_torso_ratio=body.leg_torso,
        arm_span_height_ratio=body.arm_span_height,
        confidence=body.confidence,
    )


def match_answer(match: PerformerMatch, *, already_tagged: bool = False) -> Match:
    performer, candidate = match.performer, match.candidate
    return Match(
        stashdb_id=performer.stashdb_id,
        name=performer.name,
        confidence=match.confidence,
        distance=candidate.distance,
        facenet_distance=candidate.facenet_distance,
        arcface_distance=candidate.arcface_distance,
        country=performer.country,
        image_url=performer.image_url,
        already_tagged=already_tagged,
        signal_weight=match.weight,
    )
