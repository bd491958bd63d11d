"""Bodies about analyses. Every name and type here is a promise to the Stash plugin."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

RunLimit = Annotated[int, Field(ge=1, le=1000, description="Runs at most")]


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
