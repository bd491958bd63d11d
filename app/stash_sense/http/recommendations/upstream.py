"""Which fields of a stash-box's performers are compared."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import httpx
from fastapi import APIRouter, HTTPException, status
from pydantic import BaseModel, Field, StrictBool

from stash_sense.analyses.upstream_changes.fields import FIELDS
from stash_sense.http.models import Problem
from stash_sense.http.recommendations.models import Success
from stash_sense.library import upstream_fields
from stash_sense.library.library import Library

PERFORMER = "performer"
_PROBLEMS: dict[int | str, dict[str, Any]] = {400: {"model": Problem}, 503: {"model": Problem}}
_URL_SAFE = str.maketrans("-_", "+/")


class FieldSetting(BaseModel):
    enabled: bool
    label: str


class FieldConfig(BaseModel):
    endpoint: str
    fields: dict[str, FieldSetting] = Field(description="By the field's name")


def upstream_router(library: Library) -> APIRouter:
    # Base64 may have slashes in it.
    router = APIRouter(prefix="/upstream/field-config/{endpoint:path}")

    @router.get("", responses=_PROBLEMS)
    async def field_config(endpoint: str) -> FieldConfig:
        """The fields that can be compared, and whether they are; the stash-box's address is in base64."""
        box = decode_endpoint(endpoint)
        decided = await library.reading(
            lambda connection: upstream_fields.configured(connection, PERFORMER, box)
        )
        fields = {
            name: FieldSetting(enabled=decided.get(name, True), label=field.label)
            for name, field in FIELDS.items()
        }
        return FieldConfig(endpoint=box, fields=fields)

    @router.post("", responses=_PROBLEMS)
    async def configure(endpoint: str, request: dict[str, StrictBool]) -> Success:
        """Choose fields; those that are not named stay as they are."""
        box = decode_endpoint(endpoint)
        unknown = sorted(request.keys() - FIELDS.keys())
        if unknown:
            raise HTTPException(
                status.HTTP_400_BAD_REQUEST,
                f"there is no field {', '.join(unknown)[:200]}; expected some of {', '.join(FIELDS)}",
            )
        await library.writing(
            lambda connection: upstream_fields.configure(connection, PERFORMER, box, request)
        )
        return Success()

    return router


def decode_endpoint(value: str) -> str:
    """The address of a stash-box, from either alphabet of base64, padded or not. Raises HTTPException."""
    plain = value.translate(_URL_SAFE).rstrip("=")
    try:
        text = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode()
        url = httpx.URL(text)
        if url.scheme in ("http", "https") and url.host and text.isprintable() and " " not in text:
            return text
    except (binascii.Error, UnicodeDecodeError, httpx.InvalidURL):
        pass
    raise HTTPException(
        status.HTTP_400_BAD_REQUEST,
        f"{value[:80]!r} is not the base64 of an address; expected a stash-box's, such as "
        f"{base64.b64encode(b'https://stashdb.org/graphql').decode()!r} for https://stashdb.org/graphql",
    )
