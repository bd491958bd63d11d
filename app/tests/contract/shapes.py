"""What an answer must look like: field names with types, as the contract's tables give them.

A shape is a type, a tuple of alternatives (None for null), a set of allowed strings, a list of one shape, a
dict of shapes by field name, or Mapping(shape) where the keys are data. Fields may be added to an answer;
none of the named may be missing, and none may have another type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mapping:
    """An object with any keys, whose values all have one shape."""

    of: Any


def check(value: Any, shape: Any, where: str = "answer") -> None:
    """Fails with the place where `value` is not what `shape` says."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), f"{where} is {value!r}; expected an object"
        missing = shape.keys() - value.keys()
        assert not missing, f"{where} lacks {sorted(missing)}"
        for name, part in shape.items():
            check(value[name], part, f"{where}.{name}")
    elif isinstance(shape, Mapping):
        assert isinstance(value, dict), f"{where} is {value!r}; expected an object"
        for name, part in value.items():
            check(part, shape.of, f"{where}.{name}")
    elif isinstance(shape, list):
        assert isinstance(value, list), f"{where} is {value!r}; expected a list"
        for number, item in enumerate(value):
            check(item, shape[0], f"{where}[{number}]")
    else:
        assert _fits(value, shape), f"{where} is {value!r}; expected {shape}"


def _fits(value: Any, shape: Any) -> bool:
    if isinstance(shape, tuple):
        return any(_fits(value, part) for part in shape)
    if isinstance(shape, set | frozenset):
        return value in shape
    if shape is None or shape is Any:
        return shape is Any or value is None
    if shape is float:
        # JSON has one kind of number; 1.0 may be written as 1.
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is shape
