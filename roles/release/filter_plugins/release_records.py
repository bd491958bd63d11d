"""The records of what was deployed: reading them, and choosing among them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Record = dict[str, Any]
Image = dict[str, Any]


def release_records(lines: Sequence[str]) -> list[Record]:
    """The records, oldest first, as `records.sh list` prints them.

    Each has id, when, who, kind, back_to (the record whose state a rollback brought back, else empty),
    deployed, and whole: whether its template is there, without which nobody can go back to it. One that
    cannot be read has nothing but its id.
    """
    found: dict[str, Record] = {}
    for line in lines:
        name, whole, encoded = line.split(" ")
        content = _content(encoded)
        found[name] = {
            "id": name,
            "when": str(content.get("when", "")),
            "who": str(content.get("who", "")),
            "kind": str(content.get("kind", "deploy")),
            "back_to": str(content.get("back_to", "")),
            "deployed": content.get("deployed") or {},
            "whole": whole == "true" and bool(content),
        }
    return [found[name] for name in sorted(found)]


def _content(encoded: str) -> Mapping[str, Any]:
    try:
        content = json.loads(base64.b64decode(encoded))
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def release_choices(
    records: Sequence[Record], images: Sequence[str], data_releases: Sequence[str]
) -> list[Record]:
    """The records with ``obstacle``: why nobody can go back to one; empty where it is possible.

    Args:
        images: the ids of the images that the host has.
        data_releases: the names of the data releases that it has.
    """
    return [{**record, "obstacle": _obstacle(record, images, data_releases)} for record in records]


def _obstacle(record: Record, images: Sequence[str], data_releases: Sequence[str]) -> str:
    deployed = record["deployed"]
    if not record["whole"]:
        return f"{record['id']} has no template: an earlier version wrote it, or it is damaged"
    if deployed.get("image_id") not in images:
        return f"the image of {record['id']}, {deployed.get('image', '?')}, is no longer on the host"
    if deployed.get("data") and deployed["data"] not in data_releases:
        return f"the data of {record['id']}, {deployed['data']}, is no longer on the host"
    return ""


def release_target(
    choices: Sequence[Record], wanted: str, running: Mapping[str, Any] | None = None
) -> Record:
    """The record to go back to: the one before what runs, or the one with the id ``wanted``.

    What runs is the newest record, unless ``running`` (image_id, data, template; as far as known) says
    another thing: then nobody wrote it down, and the newest record is the one before. Where there is none,
    ``obstacle`` says so.
    """
    if wanted:
        found = [choice for choice in choices if choice["id"] == wanted]
        return found[0] if found else {"obstacle": f"there is no release {wanted}"}
    if choices and _unlike(choices[-1]["deployed"], running or {}):
        return choices[-1]
    if len(choices) < 2:
        return {"obstacle": f"there is no earlier release ({len(choices)} in all)"}
    return choices[-2]


def _unlike(deployed: Mapping[str, Any], running: Mapping[str, Any]) -> bool:
    """Whether they differ in something that both name."""
    return any(deployed[key] != value for key, value in running.items() if value and deployed.get(key))


def release_lines(choices: Sequence[Record]) -> list[str]:
    """A line for each record that somebody can go back to, newest first."""
    return [
        f"{c['id']}  {c['deployed'].get('image', '')}  data {c['deployed'].get('data') or 'none'}"
        for c in reversed(choices)
        if not c["obstacle"]
    ]


def release_images(lines: Sequence[str]) -> list[Image]:
    """The images as `images.sh list` prints them: id, reference, used (by a container), bytes."""
    images = []
    for line in lines:
        identity, reference, used, size = line.split(" ")
        images.append({"id": identity, "reference": reference, "used": used == "true", "bytes": int(size)})
    return images


def release_surplus_images(
    images: Sequence[Image], kept: Sequence[Record], gone: Sequence[Record], unrecorded: bool
) -> list[str]:
    """The references of images that no kept record names and no container is made from.

    Args:
        unrecorded: also those that no record ever named; else only those of the records that go.
    """
    named = {record["deployed"].get("image_id") for record in kept}
    went = {record["deployed"].get("image_id") for record in gone}
    return [
        image["reference"]
        for image in images
        if image["id"] not in named and not image["used"] and (unrecorded or image["id"] in went)
    ]


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "release_records": release_records,
            "release_choices": release_choices,
            "release_target": release_target,
            "release_lines": release_lines,
            "release_images": release_images,
            "release_surplus_images": release_surplus_images,
        }
