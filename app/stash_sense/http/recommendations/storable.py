"""What every kind of database can keep, and JSON can give back."""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import AfterValidator, JsonValue


def _text(value: str) -> str:
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError("half of a letter, or a NUL, cannot be kept; expected text")
    return value


def _json(value: JsonValue) -> JsonValue:
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise ValueError(
            "cannot be kept; expected JSON, with whole letters and without NaN or Infinity"
        ) from None
    return value


StorableText = Annotated[str, AfterValidator(_text)]
StorableJson = Annotated[JsonValue, AfterValidator(_json)]
