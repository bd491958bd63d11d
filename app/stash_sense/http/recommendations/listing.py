"""The recommendations: listed, counted, decided about."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, status

from stash_sense.http.models import Problem
from stash_sense.http.recommendations.models import (
    DismissedUpstream,
    DismissRequest,
    DismissUpstreamRequest,
    Limit,
    Offset,
    Recommendation,
    RecommendationCounts,
    RecommendationPage,
    ResolveRequest,
    StatusFilter,
    Success,
    TextFilter,
)
from stash_sense.library import decisions, recommendation_list
from stash_sense.library.library import Library
from stash_sense.library.recommendation_list import Wanted

_PROBLEMS: dict[int | str, dict[str, Any]] = {404: {"model": Problem}, 503: {"model": Problem}}


def listing_router(library: Library) -> APIRouter:
    router = APIRouter()

    @router.get("", responses={503: {"model": Problem}})
    async def page(
        status: Annotated[StatusFilter, Query()] = None,
        type: Annotated[TextFilter, Query()] = None,  # noqa: A002 - the contract's name
        target_type: Annotated[TextFilter, Query()] = None,
        limit: Annotated[Limit, Query()] = 100,
        offset: Annotated[Offset, Query()] = 0,
    ) -> RecommendationPage:
        """The recommendations, newest first."""
        wanted = Wanted(status, type, target_type)
        found = await library.reading(
            lambda connection: recommendation_list.page(connection, wanted, limit, offset)
        )
        return RecommendationPage.model_validate(found, from_attributes=True)

    @router.get("/counts", responses={503: {"model": Problem}})
    async def counts() -> RecommendationCounts:
        """How many recommendations there are, by type and status."""
        found = await library.reading(recommendation_list.counts)
        pending = sum(by_status.get("pending", 0) for by_status in found.values())
        return RecommendationCounts(counts=found, total_pending=pending)

    @router.get("/{recommendation_id}", responses=_PROBLEMS)
    async def one(recommendation_id: int) -> Recommendation:
        """One recommendation."""
        found = await library.reading(
            lambda connection: recommendation_list.find(connection, recommendation_id)
        )
        if found is None:
            raise _missing(recommendation_id)
        return Recommendation.model_validate(found, from_attributes=True)

    @router.post("/{recommendation_id}/resolve", responses=_PROBLEMS)
    async def resolve(recommendation_id: int, request: ResolveRequest) -> Success:
        """Note that it is dealt with."""
        if not await library.writing(
            lambda connection: decisions.resolve(
                connection, recommendation_id, request.action, request.details
            )
        ):
            raise _missing(recommendation_id)
        return Success()

    async def dismissed(recommendation_id: int, reason: str | None, *, permanent: bool) -> None:
        if not await library.writing(
            lambda connection: decisions.dismiss(connection, recommendation_id, reason, permanent=permanent)
        ):
            raise _missing(recommendation_id)

    @router.post("/{recommendation_id}/dismiss", responses=_PROBLEMS)
    async def dismiss(
        recommendation_id: int, request: Annotated[DismissRequest | None, Body()] = None
    ) -> Success:
        """Never recommend its target again."""
        await dismissed(recommendation_id, request.reason if request else None, permanent=True)
        return Success()

    @router.post("/{recommendation_id}/dismiss-upstream", responses=_PROBLEMS)
    async def dismiss_upstream(
        recommendation_id: int, request: Annotated[DismissUpstreamRequest | None, Body()] = None
    ) -> DismissedUpstream:
        """Leave its target alone: for good, or until something changes upstream."""
        asked = request or DismissUpstreamRequest()
        await dismissed(recommendation_id, asked.reason, permanent=asked.permanent)
        return DismissedUpstream(permanent=asked.permanent)

    return router


def _missing(recommendation_id: int) -> HTTPException:
    return HTTPException(
        status.HTTP_404_NOT_FOUND, f"there is no recommendation {recommendation_id}; reload the list"
    )
