"""Bodies of the actions. Every name and type here is a promise to the Stash plugin."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from stash_sense.http.recommendations.models import Success

StashId = Annotated[str, Field(min_length=1, max_length=20, description="An id in Stash: digits")]
StashIds = Annotated[list[StashId], Field(max_length=10_000)]


class _ActionRequest(BaseModel):
    # Stash's ids are digits, and some clients send such as numbers.
    model_config = ConfigDict(coerce_numbers_to_str=True)


class MergePerformersRequest(_ActionRequest):
    destination_id: StashId = Field(description="The performer who stays")
    source_ids: StashIds = Field(description="The performers who become part of it, and are deleted")


class MergedInto(BaseModel):
    id: str
    name: str


class PerformersMerged(Success):
    merged_into: MergedInto


class DeleteSceneFilesRequest(_ActionRequest):
    scene_id: StashId
    file_ids_to_delete: StashIds
    keep_file_id: StashId = Field(description="Becomes the primary file where that one is deleted")
    all_file_ids: StashIds = Field([], description="As the page knows them; Stash is asked all the same")


class UpdatePerformerRequest(_ActionRequest):
    performer_id: StashId
    fields: dict[str, Any] = Field(
        description="New values by field; `_alias_add` adds aliases",
        examples=[{"height": 170, "career_start_year": 2010, "_alias_add": ["Annie"]}],
    )


class PerformerUpdated(Success):
    performer: dict[str, Any] = Field(description="As Stash has it now")
