"""Whether the data files belong together."""

from __future__ import annotations

import numpy as np

from stash_sense.database import files
from stash_sense.database.examine import Examination
from stash_sense.database.index import VectorIndex


def compare_files(seen: Examination, facenet: VectorIndex | None, arcface: VectorIndex | None) -> None:
    """Note where files that are fine by themselves contradict each other."""
    _compare_indices(seen, facenet, arcface)
    for file, index in ((files.FACENET_INDEX, facenet), (files.ARCFACE_INDEX, arcface)):
        if index is not None:
            _compare_with_faces(seen, file, index)
    _compare_people(seen)
    _compare_counts(seen, facenet)


def _compare_indices(seen: Examination, facenet: VectorIndex | None, arcface: VectorIndex | None) -> None:
    if facenet is None or arcface is None:
        return
    lengths = (len(facenet) + facenet.unusable, len(arcface) + arcface.unusable)
    if lengths[0] != lengths[1]:
        seen.fail(
            files.ARCFACE_INDEX,
            f"holds {lengths[1]} entries, {files.FACENET_INDEX} {lengths[0]}; they must be of one release",
        )


def _compare_with_faces(seen: Examination, file: str, index: VectorIndex) -> None:
    if seen.faces is None:
        return
    positions, needed = len(seen.faces), int(index.ids[-1]) + 1
    if positions < needed:
        seen.fail(files.FACES, f"has {positions} entries, {file} needs {needed}; they must be of one release")
        return
    named = np.fromiter((face is not None for face in seen.faces), np.bool_, positions)
    named[index.ids] = False
    without = int(np.count_nonzero(named))
    if without:
        seen.warn(files.FACES, f"{without} of its faces have no vector in {file}; they are never found")


def _compare_people(seen: Examination) -> None:
    if seen.faces is None or seen.performers is None:
        return
    unknown = {face for face in set(seen.faces) if face is not None and face not in seen.performers}
    if unknown:
        entries = sum(face in unknown for face in seen.faces)
        seen.fail(
            files.FACES,
            f"names {len(unknown)} performers ({entries} entries) that {files.PERFORMERS} lacks, "
            f"such as {min(unknown)!r}; they must be of one release",
        )


def _compare_counts(seen: Examination, facenet: VectorIndex | None) -> None:
    if seen.manifest is None:
        return
    counted = {
        "performer_count": None if seen.performers is None else len(seen.performers),
        "face_count": None if facenet is None else len(facenet) + facenet.unusable,
    }
    for key, found in counted.items():
        stated = getattr(seen.manifest, key)
        if key in seen.manifest.model_fields_set and found is not None and stated != found:
            seen.warn(files.MANIFEST, f"{key} is {stated}, the files hold {found}")
