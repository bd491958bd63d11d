"""Values as the plugin sends them: checked, and in Stash's form."""

from __future__ import annotations

import re
from typing import Any

from stash_sense.actions.errors import ActionRefused
from stash_sense.media.redact import one_line

_GENDERS = ("MALE", "FEMALE", "TRANSGENDER_MALE", "TRANSGENDER_FEMALE", "INTERSEX", "NON_BINARY")
# Addresses may contain commas.
_BETWEEN_ADDRESSES = re.compile(r"\s*[,;]?\s+|\s*[,;](?=https?://)")


def a_text(name: str, value: Any) -> str | None:
    """Text; a number is taken for its digits. None empties the field."""
    if value is None or isinstance(value, str):
        return value.strip() if value else value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise _refused(name, value, "text")


def a_gender(name: str, value: Any) -> str | None:
    """One of Stash's, also as people write it: "Transgender female"."""
    text = re.sub(r"[\s-]+", "_", a_text(name, value) or "").upper()
    if text and text not in _GENDERS:
        raise _refused(name, value, f"one of {', '.join(_GENDERS)}")
    return text or None


def a_number(name: str, value: Any) -> int | None:
    """A whole number of at least 0, also as its digits; nothing empties the field."""
    text = "" if value is None else str(value).strip()
    if not text:
        return None
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}(\.0+)?", text, re.ASCII):
        raise _refused(name, value, "a whole number")
    return int(text.partition(".")[0])


def a_flag(name: str, value: Any) -> bool:
    """Yes or no; nothing is no."""
    if value is None or isinstance(value, bool):
        return bool(value)
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    raise _refused(name, value, "true or false")


def a_list(name: str, value: Any) -> tuple[str, ...]:
    """Texts; one text stands for a list of it alone."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return tuple(one for one in value if one.strip())
    raise _refused(name, value, "a list of texts")


def an_address_list(name: str, value: Any) -> tuple[str, ...]:
    """Addresses, each once; also in one text with blanks or commas between them."""
    if isinstance(value, str):
        value = _BETWEEN_ADDRESSES.split(value.strip())
    return tuple(dict.fromkeys(one.strip() for one in a_list(name, value)))


def _refused(name: str, value: Any, expected: str) -> ActionRefused:
    return ActionRefused(f"{name} is {one_line(repr(value), 60)}; expected {expected}")
