"""What the plugin keeps for its user."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, JsonValue

from stash_sense.http.models import Problem
from stash_sense.http.recommendations.models import Success
from stash_sense.http.recommendations.storable import StorableJson
from stash_sense.library import user_settings
from stash_sense.library.library import Library

_PROBLEMS: dict[int | str, dict[str, Any]] = {503: {"model": Problem}}
Key = Annotated[
    str, Path(pattern=r"^[^\x00-\x1f\x7f]{1,200}$", description="Up to 200 characters, none to control")
]


class AllSettings(BaseModel):
    settings: dict[str, JsonValue]


class Setting(BaseModel):
    key: str
    value: JsonValue


class SettingRequest(BaseModel):
    value: StorableJson


class SettingSaved(Success):
    key: str


def settings_router(library: Library) -> APIRouter:
    router = APIRouter(prefix="/settings")

    @router.get("", responses=_PROBLEMS)
    async def everything() -> AllSettings:
        """All settings."""
        return AllSettings(settings=await library.reading(user_settings.everything))

    @router.get("/{key}", responses=_PROBLEMS)
    async def one(key: Key) -> Setting:
        """One setting; null when it is unset."""
        value = await library.reading(lambda connection: user_settings.find(connection, key))
        return Setting(key=key, value=value)

    @router.post("/{key}", responses=_PROBLEMS)
    async def save(key: Key, request: SettingRequest) -> SettingSaved:
        """Set one to any JSON value."""
        await library.writing(lambda connection: user_settings.save(connection, key, request.value))
        return SettingSaved(key=key)

    return router
