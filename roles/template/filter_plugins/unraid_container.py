"""The container that dockerMan would make from a template, in the words of the container role's variables."""

from __future__ import annotations

import html
import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree

from ansible.errors import AnsibleFilterError

# The options of ExtraParams that the container role can make too. Others are refused: a container that
# the server makes from the template would differ from ours.
_OPTIONS = {
    "--runtime": "runtime",
    "--gpus": "gpus",
    "--pids-limit": "pids_limit",
    "--memory": "memory",
    "-m": "memory",
    "--cpus": "cpus",
    "--shm-size": "shm_size",
}
_MODES = {
    "Path": ("rw", "rw,slave", "rw,shared", "ro", "ro,slave", "ro,shared"),
    "Port": ("tcp", "udp"),
}
# How docker wants them written.
_VALUES = {
    "pids_limit": re.compile(r"-?\d+"),
    "memory": re.compile(r"\d+(\.\d+)?[bkmgt]?b?", re.IGNORECASE),
    "shm_size": re.compile(r"\d+(\.\d+)?[bkmgt]?b?", re.IGNORECASE),
    "cpus": re.compile(r"\d+(\.\d+)?"),
    "gpus": re.compile("all"),
    "runtime": re.compile(".+"),
}
# dockerMan limits processes since this version, to this many.
_LIMITS_PIDS = (6, 12, 12)
_PIDS_LIMIT = 2048


def _said(text: str | None) -> str:
    """What of a parsed text reaches docker: dockerMan decodes entities once more and strips tags."""
    stripped = re.sub(r"<[^>]*>", "", html.unescape(text or ""))
    return re.sub(r"\s\s+", " ", stripped)


def unraid_extra_params(text: str) -> dict[str, Any]:
    """Split ExtraParams into runtime, gpus, memory, cpus and shm_size (strings), pids_limit, and the unknown.

    pids_limit is None where no option sets it; ``unknown`` has the words that none of the others explains.
    """
    found: dict[str, Any] = dict.fromkeys(_OPTIONS.values(), "") | {"pids_limit": None}
    unknown = []
    try:
        words = iter(shlex.split(text))
    except ValueError:
        return found | {"unknown": [text]}
    for word in words:
        option, given, value = word.partition("=")
        if option not in _OPTIONS:
            unknown.append(word)
            continue
        value = value if given else next(words, "")
        setting = _OPTIONS[option]
        if _VALUES[setting].fullmatch(value) is None:
            unknown.append(f"{option} {value}".strip())
        else:
            found[setting] = int(value) if setting == "pids_limit" else value
    return found | {"unknown": unknown}


def unraid_pids_limit(extra_params: str, unraid_version: str = "") -> int:
    """How many processes dockerMan of that version allows; 0: it sets no limit. An empty version is new."""
    given = unraid_extra_params(extra_params)["pids_limit"]
    if given is not None:
        return int(given)
    numbers = tuple(map(int, re.findall(r"\d+", unraid_version.partition("-")[0])[:3]))
    return _PIDS_LIMIT if not numbers or numbers >= _LIMITS_PIDS else 0


def _configs(root: ElementTree.Element) -> list[dict[str, str]]:
    """Every Config with its attributes, and as ``host`` its value or, without one, its default."""
    found = []
    for element in root.iter("Config"):
        config = {name: _said(value) for name, value in element.attrib.items()}
        kind = config.get("Type", "")
        modes = _MODES.get(kind)
        if modes:
            mode = config.get("Mode", "").lower()
            config["Mode"] = mode if mode in modes else modes[0]
        config["host"] = _said(element.text) or config.get("Default", "")
        if config.get("Target") or kind == "Device":
            found.append(config)
    return found


def unraid_template_container(xml: str, host: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Parse a template into the container that dockerMan would make.

    Args:
        xml: the template.
        host: what the container gets from the server itself: time_zone, server_name and unraid_version.

    Returns:
        name, image, network, ports (of host, container, protocol), mounts (of source, target, mode),
        environment, labels, devices, privileged, pids_limit, runtime, gpus, memory, cpus, shm_size, cpuset
        (the processors that it may run on; empty: all), addresses (of its own in the network), and
        ``unknown``: the ports that are no numbers, and the words of ExtraParams and PostArgs that are not
        understood.

    Raises:
        AnsibleFilterError: when it is not well-formed.
    """
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        raise AnsibleFilterError(f"the template is no well-formed XML: {error}") from error
    host = host or {}
    text = {element.tag: _said(element.text) for element in root if element.tag != "Config"}
    name = re.sub(r"\s+", "", text.get("Name", ""))
    network = text.get("Network", "").lower()
    configs = _configs(root)
    extra = unraid_extra_params(text.get("ExtraParams", ""))
    container: dict[str, Any] = {
        "name": name,
        "image": text.get("Repository", ""),
        "network": network,
        "ports": [],
        "mounts": [
            {"source": c["host"], "target": c["Target"], "mode": c["Mode"]}
            for c in configs
            if c.get("Type") == "Path" and c["host"].strip()
        ],
        "environment": {
            "TZ": str(host.get("time_zone", "")),
            "HOST_OS": "Unraid",
            "HOST_HOSTNAME": str(host.get("server_name", "")),
            "HOST_CONTAINERNAME": name,
        },
        "labels": {"net.unraid.docker.managed": "dockerman"}
        | {f"net.unraid.docker.{tag.lower()}": text[tag] for tag in ("WebUI", "Icon") if text.get(tag)},
        "devices": [c["host"] for c in configs if c.get("Type") == "Device" and c["host"]],
        "privileged": text.get("Privileged", "").lower() == "true",
        **extra,
        "pids_limit": unraid_pids_limit(text.get("ExtraParams", ""), str(host.get("unraid_version", ""))),
        "cpuset": text.get("CPUset", "").strip(),
        "addresses": text.get("MyIP", "").replace(",", " ").split(),
        "unknown": [*extra["unknown"], *text.get("PostArgs", "").split()],
    }
    for config in configs:
        kind, target = config.get("Type"), config["Target"]
        if kind == "Variable":
            container["environment"][target] = config["host"]
        elif kind == "Label":
            container["labels"][target] = config["host"]
        elif kind == "Port" and network == "host":
            # Nothing is published there; the container is told instead.
            container["environment"][f"{config['Mode']}_PORT_{target}".upper()] = config["host"]
        elif kind == "Port" and network != "none" and not (config["host"].isdigit() and target.isdigit()):
            container["unknown"].append(f"port {config['host']!r} -> {target!r}")
        elif kind == "Port" and network != "none":
            container["ports"].append(
                {"host": int(config["host"]), "container": int(target), "protocol": config["Mode"]}
            )
    return container


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "unraid_extra_params": unraid_extra_params,
            "unraid_pids_limit": unraid_pids_limit,
            "unraid_template_container": unraid_template_container,
        }
