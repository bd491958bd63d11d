"""Reading a folder of data files, each once, and noting everything that is wrong with them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from stash_sense.checksums import sha256_of
from stash_sense.database import files
from stash_sense.database.findings import DamagedFileError, Finding, State
from stash_sense.database.index import VectorIndex
from stash_sense.database.manifest import Manifest
from stash_sense.database.performers_db import missing_parts
from stash_sense.database.records import Performer, parse_faces, parse_manifest, parse_performers

_T = TypeVar("_T")
# As much of a checksum as people compare by eye.
_SHOWN_DIGITS = 12


@dataclass
class Examination:
    """What the files hold, None for what could not be read, and what is to be said about each of them.

    Every method handles whatever lies in the folder: bad data becomes a finding, never an exception.
    """

    directory: Path
    verify_checksums: bool = True
    manifest: Manifest | None = None
    performers: dict[str, Performer] | None = None
    faces: tuple[str | None, ...] | None = None
    findings: list[Finding] = field(default_factory=list)
    verified: set[str] = field(default_factory=set)

    def read_json(self) -> None:
        """Manifest, performers and faces, in this order: each is needed to judge the next."""
        self.manifest = self._guarded(files.MANIFEST, lambda path: parse_manifest(path.read_bytes()))
        self.performers = self._read_verified(files.PERFORMERS, parse_performers)
        known = self.performers or {}
        self.faces = self._read_verified(files.FACES, lambda data: parse_faces(data, known))

    def read_index(self, file: str) -> VectorIndex | None:
        """The index, when it is a usable one."""

        def load(path: Path) -> VectorIndex:
            self._verify(file, lambda: sha256_of(path))
            return VectorIndex.load(path)

        index = self._guarded(file, load)
        if index is not None and index.unusable:
            self.warn(
                file, f"{index.unusable} entries are deleted or have no direction; they are never found"
            )
        return index

    def check_performers_db(self) -> None:
        """Whether ``performers.db`` can be read, and what an older one lacks."""

        def inspect(path: Path) -> list[str]:
            vouched = self._verify(files.PERFORMERS_DB, lambda: sha256_of(path))
            return missing_parts(path, deep=not vouched)

        lacking = self._guarded(files.PERFORMERS_DB, inspect)
        if lacking:
            self.warn(files.PERFORMERS_DB, f"lacks {', '.join(lacking)}; the signals that need it are off")

    def check_optional(self) -> None:
        """Checksums of the optional files that are there."""
        for file in files.OPTIONAL:
            if (self.directory / file).exists():
                self._guarded(file, lambda path: self._verify(path.name, lambda: sha256_of(path)))
            else:
                self.note(file, "absent", "optional")

    def note(self, file: str, state: State, reason: str) -> None:
        self.findings.append(Finding(file, state, reason))

    def fail(self, file: str, reason: str) -> None:
        self.note(file, "failed", reason)

    def warn(self, file: str, reason: str) -> None:
        self.note(file, "warning", reason)

    def _read_verified(self, file: str, parse: Callable[[bytes], _T]) -> _T | None:
        def read(path: Path) -> _T:
            data = path.read_bytes()
            self._verify(file, lambda: hashlib.sha256(data).hexdigest())
            return parse(data)

        return self._guarded(file, read)

    def _guarded(self, file: str, read: Callable[[Path], _T]) -> _T | None:
        path = self.directory / file
        try:
            return read(path)
        except FileNotFoundError:
            self.fail(file, f"missing: {path} is needed; copy it from the same release as the others")
        except OSError as error:
            self.fail(file, f"cannot be read: {error.strerror or error}")
        except DamagedFileError as error:
            self.fail(file, str(error))
        return None

    def _verify(self, file: str, digest: Callable[[], str]) -> bool:
        """Compare with the manifest; whether the manifest vouches for the file."""
        if self.manifest is None or not self.verify_checksums:
            return False
        try:
            stated = self.manifest.sha256(file)
        except ValueError as error:
            self.fail(file, str(error))
            return False
        if stated is None:
            self.warn(file, "the manifest has no checksum of it; damage may go unnoticed")
            return False
        found = digest()
        if found == stated:
            self.verified.add(file)
        else:
            self.fail(
                file,
                f"sha256 is {found[:_SHOWN_DIGITS]}..., the manifest says {stated[:_SHOWN_DIGITS]}...: "
                "damaged, or of another release; copy it again",
            )
        return found == stated
