#!/usr/bin/python
"""Ansible module: has an image of one engine on another, under given names."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.image_engine import Engine, Login, same_image
from ansible.module_utils.image_faults import CarryError
from ansible.module_utils.image_registry import Registry
from ansible.module_utils.image_transports import (
    Journey,
    as_archive,
    through_registry,
    through_tunnel,
)

DOCUMENTATION = """
module: image_carry
short_description: Has an image of one engine on another, under given names
description:
  - Nothing is sent when the other engine has the image, and no name moves before it is there as a whole.
options:
  transfer: {description: The way., type: str, choices: [registry, ssh, archive], required: true}
  image: {description: Id of the image on the source., type: str, required: true}
  reference: {description: Its immutable name., type: str, required: true}
  names: {description: Names that it shall have on the target., type: list, elements: str, required: true}
  source: {description: Address of the engine that has it., type: str, required: true}
  target: {description: Address of the engine that shall have it., type: str, required: true}
  registry: {description: Address of a registry., type: str, default: ""}
  user: {description: Its account., type: str, default: ""}
  password: {description: Its password., type: str, default: ""}
  storage: {description: Storage of the registry on this machine., type: path, required: true}
  storage_limit_mib: {description: What may stay in it., type: int, required: true}
  registry_program: {description: The registry to run., type: str, default: ""}
  compress: {description: Whether an archive is compressed., type: bool, default: false}
author: [Stash Sense]
"""
EXAMPLES = """
- image_carry:
    transfer: archive
    image: sha256:0123456789ab
    reference: owner/name:1.0-0123456789ab
    names: ["owner/name:1.0-0123456789ab"]
    source: unix:///var/run/docker.sock
    target: ssh://root@server:22
    storage: /var/cache/registry
    storage_limit_mib: 20480
"""
RETURN = """
id: {description: The image's id on the target., type: str, returned: success}
sent: {description: Whether it had to be sent., type: bool, returned: success}
bytes_sent: {description: Bytes that went to the target., type: int, returned: success}
seconds: {description: How long that took., type: float, returned: success}
moved: {description: Names that were given to it., type: list, returned: success}
"""
ARGUMENTS = {
    "transfer": {"type": "str", "choices": ["registry", "ssh", "archive"], "required": True},
    "image": {"type": "str", "required": True},
    "reference": {"type": "str", "required": True},
    "names": {"type": "list", "elements": "str", "required": True},
    "source": {"type": "str", "required": True},
    "target": {"type": "str", "required": True},
    "registry": {"type": "str", "default": ""},
    "user": {"type": "str", "default": ""},
    "password": {"type": "str", "default": "", "no_log": True},
    "storage": {"type": "path", "required": True},
    "storage_limit_mib": {"type": "int", "required": True},
    "registry_program": {"type": "str", "default": ""},
    "compress": {"type": "bool", "default": False},
}


def send(options: dict[str, Any], journey: Journey) -> int:
    """Carry it the chosen way; returns the bytes that went to the target."""
    if options["transfer"] == "ssh":
        registry = Registry(Path(options["storage"]), options["registry_program"])
        return through_tunnel(journey, registry, options["storage_limit_mib"] * 2**20)
    if options["transfer"] == "registry":
        return through_registry(journey, options["registry"], Login(options["user"], options["password"]))
    return as_archive(journey, options["compress"])


def present(target: Engine, image: dict[str, Any], names: list[str]) -> str:
    """The image's id on the target; empty where it is not."""
    for name in [image["Id"], *names]:
        found = target.inspect(name)
        if found and same_image(found, image):
            return str(found["Id"])
    return ""


def carry(options: dict[str, Any], dry: bool) -> dict[str, Any]:
    """What was done, or in a dry run would be."""
    with Engine.at(options["source"]) as source, Engine.at(options["target"]) as target:
        return carry_between(source, target, options, dry)


def carry_between(source: Engine, target: Engine, options: dict[str, Any], dry: bool) -> dict[str, Any]:
    """As ``carry``, between connected engines."""
    reference: str = options["reference"]
    names: list[str] = options["names"]
    image = source.inspect(options["image"])
    if image is None:
        raise CarryError(
            f"the engine at {options['source']} has no image {reference}",
            "the image that is to be carried",
            "build it first (image_build: true), or name one that is there",
        )
    found = present(target, image, names)
    result: dict[str, Any] = {"id": found, "sent": not found, "bytes_sent": 0, "seconds": 0.0}
    if not found and not dry:
        began = time.monotonic()
        result["bytes_sent"] = send(options, Journey(source, target, reference, image))
        result["seconds"] = round(time.monotonic() - began, 1)
        result["id"] = present(target, image, names)
        if not result["id"]:
            raise CarryError(
                f"what arrived at {options['target']} is another image than {reference}",
                "the very same image on both engines",
                "look whether something else pushes to that name, and run this again",
            )
    known = [(name, target.inspect(name)) for name in names]
    result["moved"] = [name for name, is_now in known if not result["id"] or not same_image(is_now, image)]
    if not dry:
        for name in result["moved"]:
            target.tag(result["id"], name)
        source.forget_transit()
        result["left"] = target.forget_transit()
    return result | {"changed": bool(result["sent"] or result["moved"] or result.get("left"))}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    # So that what was started here is ended here.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        result = carry(module.params, module.check_mode)
    except CarryError as error:
        module.fail_json(msg="\n".join(error.lines))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
