"""The three ways in which an image comes to a server."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible.module_utils.image_engine import TRANSIT, Engine, Login
from ansible.module_utils.image_faults import CarryError
from ansible.module_utils.image_registry import Registry
from ansible.module_utils.image_relay import CountingRelay
from ansible.module_utils.image_ssh import Server


@dataclass(frozen=True)
class Journey:
    """Between which engines, and what: ``reference`` is repository:tag, ``image``: the source's facts."""

    source: Engine
    target: Engine
    reference: str
    image: dict[str, Any]


def through_tunnel(journey: Journey, registry: Registry, limit: int) -> int:
    """By a registry on this machine that the server reaches through ssh: only what it lacks travels.

    Args:
        limit: how many bytes the registry may keep.
    """
    if not (journey.source.address.startswith("unix://") and journey.target.address.startswith("ssh://")):
        raise CarryError(
            f"the image goes from the engine {journey.source.address} to {journey.target.address}",
            "from this machine's own engine, which reaches a registry on 127.0.0.1, to one by ssh://",
            "correct image_docker_host and image_target, or use image_transfer: archive",
        )
    server = Server(journey.target.address)
    with (
        tempfile.TemporaryDirectory(prefix="carry-") as folder,
        registry.serving(journey.reference, limit) as port,
    ):
        here = f"127.0.0.1:{port}/{TRANSIT}/{journey.reference}"
        push_as(journey.source, journey.image["Id"], here, Login())
        journey.source.forget(here)
        with CountingRelay(port) as relay, server.tunnel_to(relay.port, Path(folder)) as (their_port, ssh):
            name = f"127.0.0.1:{their_port}/{TRANSIT}/{journey.reference}"
            try:
                journey.target.pull(name, Login())
                _rename(journey, name)
            except CarryError as error:
                if ssh.poll() is None:
                    raise
                raise CarryError(
                    f"the ssh connection ended in the middle of the transfer ({relay.sent} bytes were sent)",
                    "a connection that lasts",
                    "look at the network and run this again; the server's images are as they were",
                ) from error
            return relay.sent


def through_registry(journey: Journey, registry: str, login: Login) -> int:
    """By a registry that both engines reach; ``registry``: its address, where the repository has none."""
    name = f"{registry}/{journey.reference}" if registry else journey.reference
    if not has(journey.source, name, journey.image, login):
        push_as(journey.source, journey.image["Id"], name, login)
    sent = journey.target.pull(name, login)
    _rename(journey, name)
    return sent


def has(engine: Engine, name: str, image: dict[str, Any], login: Login) -> bool:
    """Whether the registry has this very image under that name; one that does not say counts as no."""
    try:
        digest = engine.digest(name, login)
    except CarryError:
        return False
    return bool(digest) and any(known.endswith(f"@{digest}") for known in image.get("RepoDigests") or [])


def as_archive(journey: Journey, compress: bool) -> int:
    """In one piece, from one engine into the other."""
    sent = 0

    def counted(chunks: Iterable[bytes]) -> Iterator[bytes]:
        nonlocal sent
        for chunk in chunks:
            sent += len(chunk)
            yield chunk

    archive = journey.source.save(journey.image["Id"])
    loaded = journey.target.load(counted(_compressed(archive) if compress else archive))
    journey.target.tag(loaded, journey.reference)
    return sent


def _compressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """gzip, fast: a link that is slower than that is the reason to ask for it."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


def push_as(engine: Engine, image: str, name: str, login: Login) -> None:
    """Push an image of the engine under ``name``, which it bears from then on; its digests go by it."""
    engine.tag(image, name)
    engine.push(name, login)


def _rename(journey: Journey, name: str) -> None:
    """On the server, give what came as ``name`` its real name."""
    if name != journey.reference:
        journey.target.tag(name, journey.reference)
        journey.target.forget(name)
