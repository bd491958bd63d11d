"""What a transfer says when it cannot go on."""

from __future__ import annotations

import re

# What travels in one piece, as messages call it.
ARCHIVE = "the archive"
_FULL = re.compile(r"no space left|disk quota", re.IGNORECASE)
_NO_ACCOUNT = re.compile(r"unauthorized|denied|no basic auth|incorrect username", re.IGNORECASE)


class CarryError(Exception):
    """A transfer that cannot go on: what was seen, what is needed, and what to do."""

    def __init__(self, seen: str, needed: str, remedy: str) -> None:
        super().__init__(seen)
        self.lines = [f"seen:   {seen}", f"needed: {needed}", f"remedy: {remedy}"]


def refusal(name: str, said: str, engine: str = "") -> CarryError:
    """Why an image could not be sent or taken.

    Args:
        name: what was sent, with its registry; or ``ARCHIVE``.
        said: the engine's words.
        engine: the address of the engine that was to keep it; empty: a registry was.
    """
    if _FULL.search(said):
        return _full(name, said, engine)
    if name == ARCHIVE:
        return CarryError(
            f"the engine at {engine} does not take the archive: {said}",
            "an engine that loads it",
            "look into that engine's log, mend what it names, and run this again",
        )
    address = name.split("/")[0] if ":" in name.split("/")[0] else "the registry"
    if _NO_ACCOUNT.search(said):
        return CarryError(
            f"{address} refuses {name}: {said}",
            "an account that may push and pull it",
            "correct image_registry_user and image_registry_password (in the vault)",
        )
    return CarryError(
        f"{address} is of no use for {name}: {said}",
        "a registry that answers",
        "start it or correct image_registry; or carry the image without it: image_transfer: ssh",
    )


def _full(name: str, said: str, engine: str) -> CarryError:
    """Whose disk is full: the engine's that takes it, or the registry's."""
    if not engine:
        return CarryError(
            f"the registry has no space left for {name}: {said}",
            "space for the whole image in its storage",
            "free space there (with image_transfer: ssh that is image_registry_storage on this machine),"
            " and run this again",
        )
    return CarryError(
        f"the engine at {engine} has no space left for {name}: {said}",
        "space for the whole image where that engine keeps images",
        "`docker image prune` there, or make it larger (unRAID: Settings > Docker > vDisk size), and run this"
        " again; the images that were there are as they were",
    )
