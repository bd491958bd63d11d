"""``build``: photos in, the six files out; may be killed at any moment and started again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from stash_sense.database import files
from stash_sense.database.builder.collect import FaceSource, LeftOut, collect
from stash_sense.database.builder.output import BUILDER, write_files
from stash_sense.database.builder.people import BuildError, Person
from stash_sense.database.builder.selection import DOMINANCE
from stash_sense.database.builder.work import WorkFile
from stash_sense.database.check import check_directory
from stash_sense.database.findings import DamagedFileError
from stash_sense.database.records import parse_manifest
from stash_sense.media.limits import ImageLimits

# Holds everything unfinished; gone when the database is there.
WORK_FOLDER: Final[str] = ".building"


@dataclass(frozen=True)
class BuildReport:
    """What came of a build.

    Attributes:
        face_count: 0 when nobody could be taken; then no file was written.
        left_out: photos that are not in the database, in the order in which they were given.
        absent: names of people of whom no photo could be taken.
    """

    performer_count: int
    face_count: int
    left_out: tuple[LeftOut, ...]
    absent: tuple[str, ...]


def build(
    people: Sequence[Person],
    out: Path,
    *,
    source: FaceSource,
    model_hashes: Mapping[str, str],
    limits: ImageLimits,
    now: datetime,
    on_photo: Callable[[Path], None] = lambda _: None,
) -> BuildReport:
    """Make a database of the people in ``out``.

    What is done is kept in a hidden folder of ``out`` until the files are there, so that a build that was
    killed goes on where it was. The files are complete and checked before the first one takes its place.

    Raises:
        BuildError: ``out`` holds somebody else's database or cannot be written, or another build is at work.
        OSError: the disk is full, or the like.
    """
    work_folder = out / WORK_FOLDER
    fresh = work_folder / "files"
    # With a manifest in it, it was complete, and was perhaps being moved when the build was killed.
    _refuse_foreign(out, moving=(fresh / files.MANIFEST).exists())
    work_folder.mkdir(parents=True, exist_ok=True)
    with WorkFile(work_folder / "work.sqlite", _conditions(model_hashes, limits)) as work:
        found = collect(people, source, limits, work, on_photo)
        if found.taken:
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir()
            write_files(fresh, found.taken, model_hashes, now)
            _publish(fresh, out)
    shutil.rmtree(work_folder)
    if not found.taken:
        with suppress(OSError):
            out.rmdir()  # does nothing unless it is empty: it was made here
    present = {face.person.universal_id for face in found.taken}
    absent = tuple(person.name for person in people if person.universal_id not in present)
    return BuildReport(len(present), len(found.taken), tuple(found.left_out), absent)


def _conditions(model_hashes: Mapping[str, str], limits: ImageLimits) -> str:
    """Whatever an outcome depends on besides the photo."""
    parts = {"models": dict(model_hashes), "limits": asdict(limits), "dominance": DOMINANCE}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _refuse_foreign(out: Path, *, moving: bool) -> None:
    """A database that took somebody weeks must not be replaced by a slip of the keyboard."""
    present = [file for file in files.REQUIRED if (out / file).exists()]
    ours = moving if files.MANIFEST not in present else _is_ours(out / files.MANIFEST)
    if present and not ours:
        raise BuildError(
            f"{out} has {', '.join(present)} that build-database did not write; "
            "give another folder, or move them away"
        )


def _is_ours(manifest: Path) -> bool:
    try:
        return (parse_manifest(manifest.read_bytes()).model_extra or {}).get("builder") == BUILDER
    except (OSError, DamagedFileError):
        return False


def _publish(fresh: Path, out: Path) -> None:
    failures = [finding for finding in check_directory(fresh) if finding.state in {"failed", "warning"}]
    if failures:
        raise BuildError(
            "the files just written are not right, is the disk full? "
            + "; ".join(f"{finding.file}: {finding.reason}" for finding in failures)
        )
    for file in files.REQUIRED:
        _sync(fresh / file)
    # The manifest comes last: until then the folder is recognisably incomplete or of two releases.
    for file in sorted(files.REQUIRED, key=lambda name: name == files.MANIFEST):
        (fresh / file).replace(out / file)
    _sync(out)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
