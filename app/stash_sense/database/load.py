"""``load_database``: the files of a folder, validated while they are read, in the form that searches need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from stash_sense.database.check import examine
from stash_sense.database.findings import Finding
from stash_sense.database.index import VectorIndex
from stash_sense.database.manifest import Manifest
from stash_sense.database.records import Performer

__all__ = ["DatabaseError", "FaceDatabase", "Performer", "load_database"]


class DatabaseError(Exception):
    """The data files cannot be used. The message is one line; ``findings`` has every failure."""

    def __init__(self, directory: Path, findings: list[Finding]) -> None:
        self.findings = findings
        reasons = "; ".join(f"{finding.file}: {finding.reason}" for finding in findings)
        super().__init__(f"{directory}: {reasons}")


@dataclass(frozen=True, eq=False)
class FaceDatabase:
    """A loaded release. Nothing in it changes; threads may share it.

    Attributes:
        facenet, arcface: an entry's id is its position in ``faces``.
        faces: universal id at each position, None for a gap. Positions may have no vector.
        performers: by universal id; has every id that ``faces`` names.
        warnings: what costs a part of the database but not its use, "file: reason" each.
    """

    directory: Path
    manifest: Manifest
    facenet: VectorIndex
    arcface: VectorIndex
    faces: tuple[str | None, ...]
    performers: Mapping[str, Performer]
    warnings: tuple[str, ...]


def load_database(directory: Path) -> FaceDatabase:
    """Read and validate the data files; takes seconds and about twice the indices' size while it does.

    Raises:
        DatabaseError: a file is missing, damaged or does not belong to the others.
    """
    seen, facenet, arcface = examine(directory)
    failures = [finding for finding in seen.findings if finding.state == "failed"]
    if (
        failures
        or seen.manifest is None
        or seen.faces is None
        or seen.performers is None
        or facenet is None
        or arcface is None
    ):
        raise DatabaseError(directory, failures)
    counts = {"performer_count": len(seen.performers), "face_count": len(facenet)}
    missing = {key: count for key, count in counts.items() if key not in seen.manifest.model_fields_set}
    return FaceDatabase(
        directory=directory,
        manifest=seen.manifest.model_copy(update=missing) if missing else seen.manifest,
        facenet=facenet,
        arcface=arcface,
        faces=seen.faces,
        performers=MappingProxyType(seen.performers),
        warnings=tuple(f"{f.file}: {f.reason}" for f in seen.findings if f.state == "warning"),
    )
