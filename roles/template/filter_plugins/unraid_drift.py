"""In what a container is another than the one that dockerMan would make from its template."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

_UNITS = {"": 1, "b": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
# What the engine gives where nothing is asked for.
_RUNTIME, _SHM_SIZE = "runc", 64 * 2**20


def _bytes(text: str) -> int:
    """Docker's way of writing sizes: 512m, 4g, 1073741824.

    Raises:
        AnsibleFilterError: it is no size.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([bkmgt]?)b?", text.lower())
    if match is None:
        raise AnsibleFilterError(f"{text!r} is no size -> digits with b, k, m or g -> correct ExtraParams")
    return int(float(match[1]) * _UNITS[match[2]])


def _pairs(entries: list[str] | None) -> dict[str, str]:
    """NAME=VALUE lines as a mapping."""
    return {name: value for name, _, value in (entry.partition("=") for entry in entries or [])}


def _parts(expected: Mapping[str, Any]) -> dict[str, Any]:
    """The comparable settings of a described container, by the words in which they are reported."""
    parts: dict[str, Any] = {
        "name": expected["name"],
        "network": expected["network"],
        "mounts": sorted(f"{m['source']}:{m['target']}:{m['mode']}" for m in expected["mounts"]),
        "privileged": expected["privileged"],
        "pids limit": expected["pids_limit"],
        "runtime": expected["runtime"] or _RUNTIME,
        "GPUs": expected["gpus"],
        "devices": sorted(device.split(":")[0] for device in expected["devices"]),
        "memory": _bytes(expected["memory"] or "0"),
        "processors": round(float(expected["cpus"] or 0) * 10**9),
        "shared memory": _bytes(expected["shm_size"]) if expected["shm_size"] else _SHM_SIZE,
        "restart policy": "no",
        "chosen processors": expected["cpuset"],
        "addresses": sorted(expected["addresses"]),
        # dockerMan asks for none of these; of its own accord the engine gives none.
        "added capabilities": [],
        "dropped capabilities": [],
        "temporary file systems": [],
        "other mounts": [],
        "process space": "",
        "read-only root": False,
    }
    if not expected["privileged"]:
        # One that is privileged gets some from the engine.
        parts["security options"] = []
    return parts | {f"port {p['container']}/{p['protocol']}": [str(p["host"])] for p in expected["ports"]}


def _inspected(container: Mapping[str, Any]) -> dict[str, Any]:
    """The same settings of a container that is there."""
    host = container["HostConfig"]
    requests = host.get("DeviceRequests") or []
    every = [r for r in requests if r.get("Count") == -1 and ["gpu"] in (r.get("Capabilities") or [])]
    bindings = host.get("PortBindings") or {}
    parts: dict[str, Any] = {
        "name": container["Name"].removeprefix("/"),
        "network": host["NetworkMode"],
        "mounts": sorted(host.get("Binds") or []),
        "privileged": host.get("Privileged", False),
        "pids limit": host.get("PidsLimit") or 0,
        "runtime": host.get("Runtime") or _RUNTIME,
        "GPUs": "all" if every and len(requests) == len(every) else "others" if requests else "",
        "devices": sorted(d["PathOnHost"] for d in host.get("Devices") or []),
        "memory": host.get("Memory") or 0,
        "processors": host.get("NanoCpus") or 0,
        "shared memory": host.get("ShmSize") or _SHM_SIZE,
        "restart policy": (host.get("RestartPolicy") or {}).get("Name") or "no",
        "chosen processors": host.get("CpusetCpus") or "",
        "addresses": sorted(_addresses(container)),
        "added capabilities": sorted(host.get("CapAdd") or []),
        "dropped capabilities": sorted(host.get("CapDrop") or []),
        "temporary file systems": sorted(host.get("Tmpfs") or {}),
        "other mounts": sorted(m["Target"] for m in host.get("Mounts") or []),
        "process space": host.get("PidMode") or "",
        "read-only root": host.get("ReadonlyRootfs") or False,
    }
    if not host.get("Privileged"):
        parts["security options"] = sorted(host.get("SecurityOpt") or [])
    return parts | {f"port {port}": [_bound(b) for b in bound or []] for port, bound in bindings.items()}


def _bound(binding: Mapping[str, str]) -> str:
    """The port of the host, with the one address that it is published at, if it is not at all of them."""
    address = binding.get("HostIp") or ""
    return f"{address}:{binding['HostPort']}" if address else binding["HostPort"]


def _addresses(container: Mapping[str, Any]) -> Iterator[str]:
    """What somebody chose for it in its networks; what the engine gave it is no choice."""
    for network in ((container.get("NetworkSettings") or {}).get("Networks") or {}).values():
        chosen = network.get("IPAMConfig") or {}
        yield from (chosen[kind] for kind in ("IPv4Address", "IPv6Address") if chosen.get(kind))


def _begun(config: Mapping[str, Any]) -> dict[str, Any]:
    """What is started in it and as whom; which kind of nothing says nothing has no meaning."""
    return {
        "entry point": config.get("Entrypoint") or [],
        "command": config.get("Cmd") or [],
        "user": config.get("User") or "",
    }


def _differing(kind: str, found: Mapping[str, str], expected: Mapping[str, str]) -> Iterator[str]:
    """Names only: a value may be secret."""
    for name in sorted({*found, *expected}):
        if name not in found:
            yield f"{kind} {name} is missing"
        elif name not in expected:
            yield f"{kind} {name} is not in the template"
        elif found[name] != expected[name]:
            yield f"{kind} {name} has another value"


def unraid_container_differences(
    container: Mapping[str, Any], image: Mapping[str, Any], expected: Mapping[str, Any], named: str = ""
) -> list[str]:
    """Name every difference between a container and what its template says; no value of a variable is shown.

    Args:
        container: as the engine inspects it.
        image: the one that it runs, as the engine inspects it.
        expected: as ``unraid_template_container`` returns it.
        named: the id of the image that ``expected["image"]`` names now; empty when there is none.
    """
    found, wanted = _inspected(container), _parts(expected)
    lines = [
        f"{part} is {found.get(part)}, the template says {wanted.get(part)}"
        for part in {**wanted, **found}
        if found.get(part) != wanted.get(part)
    ]
    config = container["Config"]
    if config["Image"] != expected["image"]:
        lines.append(f"image is {config['Image']}, the template says {expected['image']}")
    elif named and named != container["Image"]:
        lines.append(f"{expected['image']} is another image by now than the one that runs")
    own = image.get("Config") or {}
    if own:
        begun = _begun(config)
        lines += [f"{part} is not the image's" for part, said in _begun(own).items() if said != begun[part]]
    environment = {**_pairs(own.get("Env")), **expected["environment"]}
    labels = {**(own.get("Labels") or {}), **expected["labels"]}
    lines += _differing("variable", _pairs(config.get("Env")), environment)
    lines += _differing("label", config.get("Labels") or {}, labels)
    return lines + [f"{word} in the template is not understood here" for word in expected["unknown"]]


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"unraid_container_differences": unraid_container_differences}
