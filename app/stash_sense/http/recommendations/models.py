"""Bodies about recommendations. Every name and type here is a promise to the Stash plugin."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from stash_sense.http.recommendations.storable import StorableJson, StorableText
from stash_sense.library.recommendation import RecommendationStatus


def _none_for_blank(value: object) -> object:
    # As a form sends what was not chosen.
    return None if value == "" else value


def nearest(value: int, *, least: int, most: int) -> int:
    """The value within the range. The contract names none for what is listed, so that none is refused."""
    return min(max(value, least), most)


StatusFilter = Annotated[RecommendationStatus | None, BeforeValidator(_none_for_blank)]
TextFilter = Annotated[StorableText | None, BeforeValidator(_none_for_blank)]
Limit = Annotated[
    int,
    AfterValidator(partial(nearest, least=1, most=10_000)),
    Field(description="Recommendations on the page at most; below 1 counts as 1, above 10,000 as 10,000"),
]
Offset = Annotated[
    int,
    AfterValidator(partial(nearest, least=0, most=2**31 - 1)),
    Field(description="Recommendations before the page; below 0 counts as 0"),
]


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
