"""Bodies about recommendations. Every name and type here is a promise to the Stash plugin."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from stash_sense.http.recommendations.storable import StorableJson, StorableText
from stash_sense.library.recommendation import RecommendationStatus


def _none_for_blank(value: object) -> object:
    # As a form sends what was not chosen.
    return None if value == "" else value


StatusFilter = Annotated[RecommendationStatus | None, BeforeValidator(_none_for_blank)]
TextFilter = Annotated[StorableText | None, BeforeValidator(_none_for_blank)]
Limit = Annotated[int, Field(ge=1, le=10_000, description="Recommendations on the page at most")]
Offset = Annotated[int, Field(ge=0, le=2**31 - 1, description="Recommendations before the page")]


class Recommendation(BaseModel):
    """Something that the user may want to do. Times are UTC, ``YYYY-MM-DD HH:MM:SS``."""

    id: int
    type: str
    status: str = Field(description="pending, dismissed or resolved")
    target_type: str
    target_id: str
    details: dict[str, Any]
    confidence: float | None
    created_at: str
    updated_at: str


class RecommendationPage(BaseModel):
    recommendations: list[Recommendation] = Field(description="Newest first")
    total: int = Field(description="Of the filter, not of the page")


class RecommendationCounts(BaseModel):
    counts: dict[str, dict[str, int]] = Field(description="By type and status")
    total_pending: int


class ResolveRequest(BaseModel):
    action: Annotated[StorableText, Field(min_length=1, max_length=200, description="What was done")]
    details: StorableJson = Field(None, description="More about it")


class DismissRequest(BaseModel):
    reason: StorableText | None = None


class DismissUpstreamRequest(DismissRequest):
    permanent: bool = Field(default=False, description="Not even a later change upstream brings it back")


class Success(BaseModel):
    success: Literal[True] = True


class DismissedUpstream(Success):
    permanent: bool
