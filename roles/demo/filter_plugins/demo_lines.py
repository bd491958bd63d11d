"""Lines for the photos that the sidecar was asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def demo_line(answer: Mapping[str, Any], photo: str) -> str:
    """Name the people of an answer of POST /identify, left to right; the unknown are counted."""
    faces = sorted(answer["faces"], key=lambda face: face["box"]["x"])
    known = [face["matches"][0] for face in faces if face["matches"]]
    unknown = len(faces) - len(known)
    names = [f"{match['name']} ({match['confidence']:.0%})" for match in known]
    if unknown:
        names.append(f"{unknown} unknown")
    count = "no face" if not faces else "1 face" if len(faces) == 1 else f"{len(faces)} faces"
    return f"{photo}: {count}{': ' if names else ''}{', '.join(names)}"


def demo_lines(answers: Iterable[Mapping[str, Any]], photos: Iterable[str]) -> list[str]:
    """One line for each answer and the name of its photo."""
    return [demo_line(answer, photo) for answer, photo in zip(answers, photos, strict=True)]


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, Callable[..., list[str]]]:
        return {"demo_lines": demo_lines}
