"""``check_directory``: every problem of a folder of data files, in one pass."""

from __future__ import annotations

from pathlib import Path

from stash_sense.database import files
from stash_sense.database.agreement import compare_files
from stash_sense.database.examine import Examination
from stash_sense.database.findings import Finding
from stash_sense.database.index import VectorIndex

__all__ = ["Finding", "check_directory", "examine"]


def check_directory(directory: Path, *, verify_checksums: bool = True) -> list[Finding]:
    """Everything there is to say about the data files: at least one finding for each, in a fixed order.

    Bad data never raises. Each file is read once for its checksum and once for its content; indices are
    loaded one after the other.
    """
    seen, _, _ = examine(directory, verify_checksums=verify_checksums)
    spoken = {finding.file for finding in seen.findings}
    for file in (*files.REQUIRED, *files.OPTIONAL):
        if file not in spoken:
            seen.note(file, "ok", _praise(seen, file))
    order = {file: i for i, file in enumerate((*files.REQUIRED, *files.OPTIONAL))}
    return sorted(seen.findings, key=lambda finding: order[finding.file])


def examine(
    directory: Path, *, verify_checksums: bool = True
) -> tuple[Examination, VectorIndex | None, VectorIndex | None]:
    """Read all files; what was seen, and the FaceNet and ArcFace indices, None where unusable."""
    seen = Examination(directory, verify_checksums)
    seen.read_json()
    facenet = seen.read_index(files.FACENET_INDEX)
    arcface = seen.read_index(files.ARCFACE_INDEX)
    seen.check_performers_db()
    seen.check_optional()
    compare_files(seen, facenet, arcface)
    return seen, facenet, arcface


def _praise(seen: Examination, file: str) -> str:
    if file != files.MANIFEST or seen.manifest is None:
        return "readable, sha256 as in the manifest" if file in seen.verified else "readable"
    return (
        f"version {seen.manifest.version}: {seen.manifest.performer_count} performers, "
        f"{seen.manifest.face_count} faces"
    )
