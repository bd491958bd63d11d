"""What the user has the sidecar do in Stash."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from stash_sense.actions.delete_scene_files import delete_scene_files
from stash_sense.actions.merge_performers import merge_performers
from stash_sense.actions.update_performer import update_performer
from stash_sense.http.models import Problem
from stash_sense.http.recommendations.action_models import (
    DeleteSceneFilesRequest,
    MergedInto,
    MergePerformersRequest,
    PerformersMerged,
    PerformerUpdated,
    UpdatePerformerRequest,
)
from stash_sense.http.recommendations.models import Success
from stash_sense.stash.client import StashClient

_PROBLEMS: dict[int | str, dict[str, Any]] = {code: {"model": Problem} for code in (400, 404, 502)}


def actions_router(stash: StashClient) -> APIRouter:
    router = APIRouter(prefix="/actions")

    @router.post("/merge-performers", responses=_PROBLEMS)
    async def merge(request: MergePerformersRequest) -> PerformersMerged:
        """Move all content, names and aliases to one performer; safe to repeat after a failure."""
        merged = await merge_performers(stash, request.destination_id, request.source_ids)
        return PerformersMerged(merged_into=MergedInto(id=merged.id, name=merged.name))

    @router.post("/delete-scene-files", responses=_PROBLEMS)
    async def delete_files(request: DeleteSceneFilesRequest) -> Success:
        """Delete files of a scene from the disk, and keep at least one."""
        await delete_scene_files(stash, request.scene_id, request.file_ids_to_delete, request.keep_file_id)
        return Success()

    @router.post("/update-performer", responses=_PROBLEMS)
    async def update(request: UpdatePerformerRequest) -> PerformerUpdated:
        """Write values that the user has chosen; what is not named stays."""
        performer = await update_performer(stash, request.performer_id, request.fields)
        return PerformerUpdated(performer=performer.model_dump(mode="json"))

    return router
