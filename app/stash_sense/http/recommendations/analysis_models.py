"""Bodies about analyses. Every name and type here is a promise to the Stash plugin."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from stash_sense.http.recommendations.models import nearest

RunLimit = Annotated[
    int,
    AfterValidator(partial(nearest, least=1, most=1000)),
    Field(description="Runs at most; below 1 counts as 1, above 1000 as 1000"),
]


class AnalysisType(BaseModel):
    type: str
    enabled: bool
    description: str


class AnalysisTypes(BaseModel):
    types: list[AnalysisType]


class RunStarted(BaseModel):
    run_id: int
    message: str


class Run(BaseModel):
    """One run. Times are UTC, ``YYYY-MM-DD HH:MM:SS``."""

    id: int
    type: str
    status: str = Field(description="running, completed or failed")
    started_at: str
    completed_at: str | None
    items_total: int | None
    items_processed: int
    recommendations_created: int
    error_message: str | None = Field(description="Why it failed; while it runs, what it waits for")
