"""``performers.json`` and ``faces.json``: who there is, and whose each entry of the indices is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from stash_sense.database.findings import DamagedFileError, one_line
from stash_sense.database.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Performer:
    """A person of the database.

    Attributes:
        universal_id: "<stash-box domain>:<id there>", such as "stashdb.org:<uuid>".
        face_count: faces that the database's builder had of the person.
    """

    universal_id: str
    name: str
    country: str | None
    image_url: str | None
    face_count: int

    @property
    def stashdb_id(self) -> str:
        """The id on the stash-box, without its domain."""
        return self.universal_id.partition(":")[2] or self.universal_id


class PerformerRecord(BaseModel):
    """A value of ``performers.json``."""

    model_config = ConfigDict(extra="ignore")

    name: str
    country: str | None = None
    image_url: str | None = None
    face_count: int = 0


_T = TypeVar("_T")

_MANIFEST = TypeAdapter(Manifest)
_PERFORMERS = TypeAdapter(dict[str, PerformerRecord])
_FACES = TypeAdapter(list[str | None])


def parse_manifest(data: bytes) -> Manifest:
    """Raises ``DamagedFileError`` when the bytes are not a manifest."""
    return _parse(_MANIFEST, data)


def parse_performers(data: bytes) -> dict[str, Performer]:
    """Universal id to performer; raises ``DamagedFileError``."""
    records = _parse(_PERFORMERS, data)
    return {
        universal_id: Performer(
            universal_id, record.name, record.country, record.image_url, record.face_count
        )
        for universal_id, record in records.items()
    }


def parse_faces(data: bytes, performers: Mapping[str, Performer]) -> tuple[str | None, ...]:
    """Position to universal id, None for a gap; raises ``DamagedFileError``.

    Ids that ``performers`` has too are the same string objects: hundreds of thousands of faces then
    do not hold a copy each.
    """
    known = {universal_id: universal_id for universal_id in performers}
    return tuple(None if face is None else known.setdefault(face, face) for face in _parse(_FACES, data))


def _parse(adapter: TypeAdapter[_T], data: bytes) -> _T:
    try:
        return adapter.validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        others = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise DamagedFileError(one_line(f"{place + ': ' if place else ''}{first['msg']}{others}")) from None
