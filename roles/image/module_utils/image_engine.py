"""The two engines between which an image travels."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import docker.errors
import requests.exceptions
from ansible.module_utils.image_faults import ARCHIVE, CarryError, refusal
from ansible.module_utils.image_ssh import Server

# Names that an image bears while it travels through a registry of ours; no user's image is called like that.
TRANSIT = "in-transit"
_TRANSIT_NAME = re.compile(rf"127\.0\.0\.1:\d+/{TRANSIT}/.+")
# A layer of gigabytes takes minutes to unpack, and the engine is silent meanwhile.
_PATIENCE_S = 3600


@dataclass(frozen=True)
class Login:
    """A registry's account; empty: whatever this machine's Docker client is logged in with."""

    user: str = ""
    password: str = ""

    @property
    def config(self) -> dict[str, str] | None:
        """For one request alone: it is kept in no file and is in no process list."""
        return {"username": self.user, "password": self.password} if self.user else None


class Engine:
    """One Docker engine, by its address; ``socket`` is where it answers."""

    def __init__(self, address: str, socket: str) -> None:
        self.address = address
        try:
            self._api = docker.APIClient(base_url=socket, timeout=_PATIENCE_S, version="auto")
        except (docker.errors.DockerException, requests.exceptions.RequestException, OSError) as error:
            raise CarryError(
                f"the Docker engine at {address} does not answer: {error}",
                "an engine that answers",
                "start it; for one that is reached by ssh, see whether `ssh` logs in without asking",
            ) from error

    @classmethod
    @contextlib.contextmanager
    def at(cls, address: str) -> Iterator[Engine]:
        """Connect; ``address`` is as DOCKER_HOST would be."""
        with contextlib.ExitStack() as stack:
            socket = address
            if address.startswith("ssh://"):
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="engine-")))
                socket = stack.enter_context(Server(address).engine(folder))
            engine = cls(address, socket)
            stack.callback(engine._api.close)
            yield engine

    def inspect(self, name: str) -> dict[str, Any] | None:
        """What the engine knows of an image, or None."""
        try:
            found: dict[str, Any] = self._api.inspect_image(name)
        except docker.errors.ImageNotFound:
            return None
        return found

    def tag(self, image: str, name: str) -> None:
        """Let ``name`` (repository:tag) be that image."""
        repository, _, tag = name.rpartition(":")
        self._api.tag(image, repository, tag)

    def forget(self, name: str) -> None:
        """Take a name away, if there is one."""
        with contextlib.suppress(docker.errors.ImageNotFound):
            self._api.remove_image(name, noprune=True)

    def forget_transit(self) -> list[str]:
        """Take away the names that an interrupted transfer left; returns them."""
        names = [name for image in self._api.images() for name in image.get("RepoTags") or []]
        left = [name for name in names if _TRANSIT_NAME.fullmatch(name)]
        for name in left:
            self.forget(name)
        return left

    def push(self, name: str, login: Login) -> None:
        """Push ``name``; CarryError with the engine's words when it fails."""
        repository, _, tag = name.rpartition(":")
        with _refusals(name):
            stream = self._api.push(repository, tag, stream=True, decode=True, auth_config=login.config)
            for _ in _events(stream):
                pass

    def pull(self, name: str, login: Login) -> int:
        """Pull ``name``; returns the bytes of the layers that were fetched, as they travel (compressed)."""
        repository, _, tag = name.rpartition(":")
        layers: dict[str, int] = {}
        with _refusals(name, self.address):
            stream = self._api.pull(repository, tag, stream=True, decode=True, auth_config=login.config)
            for event in _events(stream):
                if event.get("status") == "Downloading":
                    progress = event.get("progressDetail") or {}
                    size = progress.get("total") or progress.get("current") or 0
                    layers[event["id"]] = max(layers.get(event["id"], 0), size)
        return sum(layers.values())

    def digest(self, name: str, login: Login) -> str:
        """The digest under which the registry has ``name``; empty when it has not.

        Raises:
            CarryError: the registry refuses or does not answer.
        """
        try:
            found = self._api.inspect_distribution(name, auth_config=login.config)
        except docker.errors.NotFound:
            return ""
        except docker.errors.APIError as error:
            said = str(error.explanation or error)
            if "manifest unknown" in said or "not found" in said:
                return ""
            raise refusal(name, said) from error
        return str(found["Descriptor"]["digest"])

    def save(self, image: str) -> Iterator[bytes]:
        """The image as an archive, without any name."""
        stream: Iterator[bytes] = self._api.get_image(image, chunk_size=2**20)
        return stream

    def load(self, archive: Iterable[bytes]) -> str:
        """Load an archive while it comes; returns the image's id."""
        said = ""
        with _refusals(ARCHIVE, self.address):
            for event in _events(self._api.load_image(archive)):
                said += event.get("stream", "")
        loaded = re.search(r"Loaded image ID: (\S+)", said)
        if loaded is None:
            raise refusal(ARCHIVE, f"nothing was loaded: {said.strip()}", self.address)
        return loaded[1]


def same_image(one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
    """Whether two engines mean the same image; stores differ in what they call its id."""
    if one is None or other is None:
        return False
    if one["Id"] == other["Id"]:
        return True
    return (one["RootFS"], one["Created"]) == (other["RootFS"], other["Created"])


class _RefusedError(Exception):
    """An engine's own words, in the midst of its progress."""


@contextlib.contextmanager
def _refusals(name: str, engine: str = "") -> Iterator[None]:
    """Say what could not be sent or taken in a form that a person can act on; as ``refusal``."""
    try:
        yield
    except (_RefusedError, docker.errors.APIError, requests.exceptions.RequestException, OSError) as error:
        raise refusal(name, str(getattr(error, "explanation", None) or error), engine) from error


def _events(stream: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The engine's progress; it tells of failures in the midst of it."""
    for event in stream:
        if "error" in event:
            raise _RefusedError(str(event["error"]).strip())
        yield event
