"""Whether Stash can be reached."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from stash_sense.stash.client import StashClient, StashError


class StashStatus(BaseModel):
    connected: bool
    url: str | None = Field(description="Stash's base address; null when none is set")
    error: str | None = Field(description="Why it is not connected")
    version: str | None = Field(description="Stash's")


def stash_router(stash: StashClient) -> APIRouter:
    router = APIRouter(prefix="/stash")

    @router.get("/status")
    async def stash_status() -> StashStatus:
        """Whether Stash can be reached with the sidecar's settings. Always 200."""
        url = stash.origin.base if stash.origin is not None else None
        try:
            version = await stash.version()
        except StashError as error:
            return StashStatus(connected=False, url=url, error=str(error), version=None)
        return StashStatus(connected=True, url=url, error=None, version=version)

    return router
