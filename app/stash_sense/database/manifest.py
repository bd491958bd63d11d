"""``manifest.json``: which release this is, and the checksums of its files."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_SHA256 = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.IGNORECASE)


class Manifest(BaseModel):
    """A release's manifest. Keys that are not named here are kept as they are.

    Attributes:
        version: the release's name, such as "2026.02.12".
        created_at: when it was built, as the builder wrote it.
        performer_count, face_count: what the builder counted.
        sources: where the people come from.
        checksums: file name to "sha256:<hex>" or bare hex.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    version: Annotated[str, Field(min_length=1)]
    created_at: str | None = None
    performer_count: Annotated[int, Field(ge=0)] = 0
    face_count: Annotated[int, Field(ge=0)] = 0
    sources: list[str] = []
    checksums: dict[str, str] = {}

    @property
    def model_hashes(self) -> dict[str, str]:
        """Model name to sha256, of the models that made the vectors; empty when the builder did not say."""
        models = (self.model_extra or {}).get("models")
        if not isinstance(models, dict):
            return {}
        return {
            name: entry["sha256"].lower()
            for name, entry in models.items()
            if isinstance(entry, dict) and isinstance(entry.get("sha256"), str)
        }

    def sha256(self, file: str) -> str | None:
        """The file's sha256 in lower-case hex; None when the manifest names none.

        Raises:
            ValueError: what the manifest says is not a sha256.
        """
        stated = self.checksums.get(file)
        if stated is None:
            return None
        match = _SHA256.fullmatch(stated.strip())
        if match is None:
            raise ValueError(f"the manifest's checksum {stated!r} is not a sha256 (64 hex digits)")
        return match[1].lower()
