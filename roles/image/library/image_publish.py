#!/usr/bin/python
"""Ansible module: lets a registry's name be an image of an engine."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.image_engine import Engine, Login
from ansible.module_utils.image_faults import CarryError
from ansible.module_utils.image_transports import has, push_as

DOCUMENTATION = """
module: image_publish
short_description: Lets a registry's name be an image of an engine
description:
  - Nothing is pushed when the registry's name is this very image.
options:
  image: {description: Id of the image., type: str, required: true}
  name: {description: Name with the registry and a tag., type: str, required: true}
  source: {description: Address of the engine that has it., type: str, required: true}
  user: {description: The registry's account., type: str, default: ""}
  password: {description: Its password., type: str, default: ""}
author: [Stash Sense]
"""
EXAMPLES = """
- image_publish:
    image: sha256:0123456789ab
    name: owner/name:latest
    source: unix:///var/run/docker.sock
"""
RETURN = """
name: {description: The name., type: str, returned: success}
"""
ARGUMENTS = {
    "image": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
    "source": {"type": "str", "required": True},
    "user": {"type": "str", "default": ""},
    "password": {"type": "str", "default": "", "no_log": True},
}


def publish(options: dict[str, Any], dry: bool) -> bool:
    """Push it, unless the registry has it; returns whether it had to be pushed (in a dry run: would)."""
    name, login = options["name"], Login(options["user"], options["password"])
    with Engine.at(options["source"]) as engine:
        image = engine.inspect(options["image"])
        if image is None:
            raise CarryError(
                f"the engine at {options['source']} has no image {options['image']}",
                "the image that was deployed",
                "deploy again; it brings the image",
            )
        if has(engine, name, image, login):
            return False
        if not dry:
            push_as(engine, image["Id"], name, login)
        return True


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        changed = publish(module.params, module.check_mode)
    except CarryError as error:
        module.fail_json(msg="\n".join(error.lines))
    module.exit_json(changed=changed, name=module.params["name"])


if __name__ == "__main__":
    main()
