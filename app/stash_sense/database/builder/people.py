"""Who is to be in a database, and which photos show them: a folder for each person."""

from __future__ import annotations

import os
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stash_sense.database.endpoints import Endpoint

# Names made-up ids are derived in; changing it would give every person of existing databases another id.
_NAMESPACE = uuid.UUID("8f2c7a54-5d0e-5b43-9a86-3c0b7f1de2a9")


class BuildError(Exception):
    """A database cannot be made from what was given; the message is one line: seen, needed, remedy."""


@dataclass(frozen=True)
class Person:
    """Somebody of the database to be.

    Attributes:
        universal_id: "<stash-box domain>:<id>".
        photos: files that show the person; they need not exist or be pictures.
    """

    universal_id: str
    name: str
    photos: tuple[Path, ...]
    country: str | None = None
    image_url: str | None = None

    @property
    def endpoint(self) -> Endpoint:
        endpoint = Endpoint.of_domain(self.universal_id.partition(":")[0])
        if endpoint is None:
            raise BuildError(
                f"{self.name}: universal id {self.universal_id!r} is of no known stash-box; "
                f"it must begin with one of {', '.join(f'{known.domain}:' for known in Endpoint)}"
            )
        return endpoint

    @property
    def stashbox_id(self) -> str:
        return self.universal_id.partition(":")[2]


def printable(path: Path) -> str:
    """The path's last part as text, also where the file system holds bytes that are not UTF-8."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def made_up_id(name: str, endpoint: Endpoint) -> str:
    """A universal id for a person without one: the same name always has the same id.

    It is a version 5 UUID, which stash-boxes do not give out, so it never is another person's.
    """
    normal = unicodedata.normalize("NFC", name)
    return f"{endpoint.domain}:{uuid.uuid5(_NAMESPACE, f'{endpoint.domain}/{normal}')}"


def people_of_folders(photos: Path, endpoint: Endpoint) -> list[Person]:
    """A person for each folder in ``photos``, named as the folder; its files at any depth are the photos.

    Hidden files and folders are passed over.

    Raises:
        BuildError: no folder, or none in it.
    """
    if not photos.is_dir():
        raise BuildError(f"{photos} is not a folder; give the folder that has one folder for each person")
    folders = sorted(entry for entry in photos.iterdir() if entry.is_dir() and not _hidden(entry))
    if not folders:
        raise BuildError(
            f"{photos} has no folders in it; put each person's photos into a folder of that name"
        )
    return [
        Person(made_up_id(name, endpoint), name, tuple(_files_in(folder)))
        for folder in folders
        for name in (unicodedata.normalize("NFC", printable(folder)),)
    ]


def _files_in(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if _hidden(entry):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files_in(entry)
        elif not entry.is_dir():
            yield entry


def _hidden(entry: Path) -> bool:
    return entry.name.startswith(".")
