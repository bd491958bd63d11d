"""The scenes' fingerprints, all at once and compactly."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping

import numpy as np
from sqlalchemy import Connection, select

from stash_sense.analyses.duplicate_scenes.facts import WHOLE, share_of
from stash_sense.analyses.duplicate_scenes.table import Numbers
from stash_sense.library.schema import scene_fingerprint_faces as faces
from stash_sense.library.schema import scene_fingerprints as fingerprints

_ROWS_AT_ONCE = 10_000

StoredFace = tuple[str, str, int, float | None]
"""Stash's scene id, the performer's id on the stash-box, faces, their proportion (None in some old rows)."""


class Fingerprints:
    """Who was recognised in which scene, and what share of the faces is theirs."""

    def __init__(self, stored: Iterable[StoredFace]) -> None:
        """Take them in any order; each performer of a scene once."""
        names: Numbers[str] = Numbers()
        scenes, performers, shares, counts = array("q"), array("i"), array("i"), array("q")
        for scene_id, performer_id, face_count, proportion in stored:
            if not (scene_id.isascii() and scene_id.isdigit()):
                continue  # no scene of Stash's
            scenes.append(int(scene_id))
            performers.append(names.of(performer_id))
            counts.append(face_count)
            shares.append(-1 if proportion is None else share_of(proportion))
        order = np.argsort(np.array(scenes, np.int64), kind="stable")
        self._names = names.names()
        self._scenes = np.array(scenes, np.int64)[order]
        self._performers = np.array(performers, np.int32)[order]
        self._shares = np.array(shares, np.int32)[order]
        self._counts = np.array(counts, np.int64)[order]

    def of(self, scene_id: int) -> Mapping[str, int]:
        """The scene's performers with their shares in millionths; empty when nobody is known to be in it."""
        start, end = np.searchsorted(self._scenes, (scene_id, scene_id + 1)).tolist()
        if start == end:
            return {}
        shares = self._shares[start:end].tolist()
        if min(shares) < 0:
            counts = self._counts[start:end].tolist()
            total = max(sum(counts), 1)
            shares = [round(count * WHOLE / total) for count in counts]
        who = (self._names[number] for number in self._performers[start:end].tolist())
        return dict(zip(who, shares, strict=True))


def read_fingerprints(connection: Connection) -> Fingerprints:
    """The fingerprints that are complete."""
    found = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(
        select(fingerprints.c.stash_scene_id, faces.c.performer_id, faces.c.face_count, faces.c.proportion)
        .join(fingerprints, fingerprints.c.id == faces.c.fingerprint_id)
        .where(fingerprints.c.fingerprint_status == "complete")
    )
    # Earlier sidecars' tables hold a scene's id as a number.
    return Fingerprints((str(scene_id), *rest) for scene_id, *rest in found)
