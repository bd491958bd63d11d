"""Which faces are one person's: by their vectors, then by whom they look like."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from stash_sense.recognition.scene.faces import SceneFace

Cluster = tuple[SceneFace, ...]


def cluster_faces(faces: Sequence[SceneFace], threshold: float) -> list[Cluster]:
    """Each face, in order, joins the nearest cluster, or starts one when none is near enough.

    Args:
        threshold: largest cosine distance (0 to 2) between a face and the mean vector of a cluster it joins.

    Returns:
        clusters in the order in which they were started; each face is in one of them.
    """
    members: list[list[SceneFace]] = []
    # The sum points where the mean points.
    sums = np.empty((len(faces), faces[0].vector.size if faces else 0), np.float32)
    for face in faces:
        nearest = _nearest(sums[: len(members)], face.vector, threshold)
        if nearest is None:
            sums[len(members)] = face.vector
            members.append([face])
        else:
            sums[nearest] += face.vector
            members[nearest].append(face)
    return [tuple(cluster) for cluster in members]


def merge_same_performer(
    clusters: Sequence[Cluster], best_performer: Callable[[Cluster], str | None]
) -> list[Cluster]:
    """Join clusters that have the same best performer, until no two have; those without one stay apart."""
    merged = list(clusters)
    while True:
        together: dict[object, Cluster] = {}
        for number, cluster in enumerate(merged):
            key = best_performer(cluster) or number
            together[key] = together.get(key, ()) + cluster
        if len(together) == len(merged):
            return merged
        merged = list(together.values())


def _nearest(sums: NDArray[np.float32], vector: NDArray[np.float32], threshold: float) -> int | None:
    if not len(sums):
        return None
    # Opposite vectors may sum up to nothing; such a cluster is near to nobody.
    lengths = np.maximum(np.linalg.norm(sums, axis=1) * np.linalg.norm(vector), np.finfo(np.float32).tiny)
    distances = 1 - (sums @ vector) / lengths
    nearest = int(np.argmin(distances))
    return nearest if distances[nearest] <= threshold else None
