"""The analyses: which there are, started, followed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, status

from stash_sense.analyses.runner import AnalysisRunner, UnknownAnalysisError
from stash_sense.http.models import Problem
from stash_sense.http.recommendations.analysis_models import (
    AnalysisType,
    AnalysisTypes,
    Run,
    RunLimit,
    RunStarted,
)
from stash_sense.http.recommendations.models import TextFilter
from stash_sense.library import analysis_runs, analysis_settings
from stash_sense.library.library import Library
from stash_sense.stash.client import StashClient

_PROBLEMS: dict[int | str, dict[str, Any]] = {404: {"model": Problem}, 503: {"model": Problem}}
_START_PROBLEMS: dict[int | str, dict[str, Any]] = {400: {"model": Problem}, 503: {"model": Problem}}


def analysis_router(runner: AnalysisRunner, stash: StashClient, library: Library) -> APIRouter:
    router = APIRouter(prefix="/analysis")

    @router.get("/types", responses={503: {"model": Problem}})
    async def types() -> AnalysisTypes:
        """What can be analysed."""
        off = await library.reading(analysis_settings.switched_off)
        return AnalysisTypes(
            types=[
                AnalysisType(type=one.type, enabled=one.type not in off, description=one.description)
                for one in runner.analyses
            ]
        )

    @router.post("/{analysis_type}/run", responses=_START_PROBLEMS)
    async def run(analysis_type: str, full: Annotated[bool, Query()] = False) -> RunStarted:
        """Start an analysis in the background; one that is running already is not started twice."""
        if not stash.configured:
            raise HTTPException(
                status.HTTP_503_SERVICE_UNAVAILABLE,
                "there is no Stash to analyse: set STASH_URL to its base address, such as http://host:6969",
            )
        try:
            started = await runner.start(analysis_type, full=full)
        except UnknownAnalysisError as error:
            raise HTTPException(status.HTTP_400_BAD_REQUEST, str(error)) from error
        how = "is running already" if started.already else "has begun"
        return RunStarted(
            run_id=started.run_id, message=f"{analysis_type} {how} in the background, as run {started.run_id}"
        )

    @router.get("/runs", responses={503: {"model": Problem}})
    async def runs(
        type: Annotated[TextFilter, Query()] = None,  # noqa: A002 - the contract's name
        limit: Annotated[RunLimit, Query()] = 20,
    ) -> list[Run]:
        """The newest runs, newest first."""
        found = await library.reading(lambda connection: analysis_runs.newest(connection, type, limit))
        return [Run.model_validate(run, from_attributes=True) for run in found]

    @router.get("/runs/{run_id}", responses=_PROBLEMS)
    async def one(run_id: int) -> Run:
        """One run, and how far it is."""
        found = await library.reading(lambda connection: analysis_runs.find(connection, run_id))
        if found is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND, f"there is no run {run_id}; reload the list")
        return Run.model_validate(found, from_attributes=True)

    return router
