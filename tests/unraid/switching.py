"""Switching the server to another image or template, and looking at what became of it."""

from typing import Any

from support.dockerman import TEMPLATES
from support.dockerman_filters import container_differences, template_container
from support.play import Play
from support.unraid import UnraidServer

NAME = "stash-sense"
IMAGE = "carrotwaxr/stash-sense:latest"
TEMPLATE = TEMPLATES / f"my-{NAME}.xml"
# The phases that switch; the others have their own tests.
PHASES = ("--tags", "template,container")
HOST = {"time_zone": "Europe/Berlin", "server_name": "Tower", "unraid_version": "7.2.0"}


def let_latest_be(server: UnraidServer, tag: str, behaviour: str = "ready") -> str:
    """As the image phase would leave it: the image is there and has the moving name. Returns its id."""
    image = server.release_image(tag, behaviour)
    image.tag(*IMAGE.split(":"))
    return str(image.id)


def switch(server: UnraidServer, *options: str, **variables: str) -> Play:
    return server.play("deploy", *PHASES, *options, **variables)


def template(server: UnraidServer) -> str:
    return server.sh(f"cat {TEMPLATE}")


def inspected(server: UnraidServer, name: str = NAME) -> dict[str, Any]:
    found: dict[str, Any] = server.docker.api.inspect_container(name)
    return found


def containers(server: UnraidServer) -> list[str]:
    return sorted(str(container.name) for container in server.docker.containers.list(all=True))


def drift(server: UnraidServer) -> list[str]:
    """In what the container is another than its template says."""
    container = inspected(server)
    image = server.docker.api.inspect_image(container["Image"])
    named = server.docker.api.inspect_image(IMAGE)["Id"]
    found: list[str] = container_differences(
        container, image, template_container(template(server), HOST), named
    )
    return found
