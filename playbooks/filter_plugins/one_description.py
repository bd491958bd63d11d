"""The one description of the sidecar (group_vars/all/fields.yml), in the shapes that the roles take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Entry = Mapping[str, Any]

# dockerMan gives these to every container.
_DOCKERMANS = ("TZ", "HOST_OS", "HOST_HOSTNAME", "HOST_CONTAINERNAME")


def _field(entry: Entry, kind: str, target: str, value: str, mode: str) -> dict[str, Any]:
    return {
        "name": entry["name"],
        "type": kind,
        "target": target,
        "value": value,
        "default": entry["default"],
        "mode": mode,
        "description": entry["description"],
        "display": entry["display"],
        "required": entry.get("required", True),
        "mask": entry.get("mask", False),
    }


def template_fields(
    ports: Sequence[Entry], mounts: Sequence[Entry], environment: Sequence[Entry]
) -> list[dict[str, Any]]:
    """The fields of the unRAID form: ports, paths, variables."""
    return [
        *(_field(p, "Port", str(p["container"]), str(p["host"]), p.get("protocol", "tcp")) for p in ports),
        *(_field(m, "Path", m["target"], m["source"], m["mode"]) for m in mounts),
        *(_field(v, "Variable", v["name"], str(v["value"]), "") for v in environment),
    ]


def container_ports(ports: Sequence[Entry]) -> list[dict[str, Any]]:
    """host, container and protocol of every port."""
    return [
        {"host": int(p["host"]), "container": int(p["container"]), "protocol": p.get("protocol", "tcp")}
        for p in ports
    ]


def container_mounts(mounts: Sequence[Entry]) -> list[dict[str, Any]]:
    """source, target and mode of every mount."""
    return [{key: m[key] for key in ("source", "target", "mode")} for m in mounts]


def container_environment(environment: Sequence[Entry], extra: Mapping[str, str]) -> dict[str, str]:
    """The variables that dockerMan adds by itself, then those of the form, all as strings."""
    return {**extra, **{v["name"]: str(v["value"]) for v in environment}}


def container_of_release(
    parsed: Mapping[str, Any], dockerman: bool, environment: Mapping[str, str], labels: Mapping[str, str]
) -> dict[str, Any]:
    """What a release's template says of the container, as `unraid_template_container` parsed it.

    Where no dockerMan makes containers (``dockerman`` false), what it would add by itself gives way to what
    the inventory adds: ``environment`` and ``labels``.
    """
    if dockerman:
        return dict(parsed)
    own = {name: value for name, value in parsed["environment"].items() if name not in _DOCKERMANS}
    return {**parsed, "environment": {**environment, **own}, "labels": dict(labels)}


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "template_fields": template_fields,
            "container_ports": container_ports,
            "container_mounts": container_mounts,
            "container_environment": container_environment,
            "container_of_release": container_of_release,
        }
