"""Everything the tattoo signal needs of a database: two models, the index, whose each entry is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stash_sense.database import files
from stash_sense.database.findings import DamagedFileError
from stash_sense.database.index import VectorIndex
from stash_sense.database.load import FaceDatabase
from stash_sense.database.records import parse_faces
from stash_sense.inference.manifest import ModelError
from stash_sense.signals.tattoo.detector import TattooDetector
from stash_sense.signals.tattoo.embedder import TattooEmbedder

FILES: Final = (files.TATTOO_DETECTOR, files.TATTOO_EMBEDDER, files.TATTOO_INDEX, files.TATTOO_NAMES)
# Neighbours asked of the index for a tattoo.
_NEIGHBOURS: Final = 20


class TattooFilesError(Exception):
    """The files are not there or do not fit each other; the message is one line."""


@dataclass(frozen=True, eq=False)
class TattooKit:
    """Loaded. Threads may share it.

    Attributes:
        names: universal id at each position of the index, None for a gap.
        known: the universal ids that have a tattoo in the index.
    """

    detector: TattooDetector
    embedder: TattooEmbedder
    index: VectorIndex
    names: tuple[str | None, ...]
    known: frozenset[str]

    def nearest(self, image: NDArray[np.uint8]) -> tuple[int, dict[str, float]]:
        """How many tattoos a picture shows, and universal id to distance of the nearest of them.

        Raises:
            ModelError: a model failed.
        """
        boxes = self.detector.detect(image)
        vectors = [self.embedder.embed(np.ascontiguousarray(image[y1:y2, x1:x2])) for x1, y1, x2, y2 in boxes]
        usable = [vector for vector in vectors if vector is not None]
        best: dict[str, float] = {}
        if usable:
            ids, distances = self.index.search(np.stack(usable), _NEIGHBOURS)
            for entry, distance in zip(ids.ravel().tolist(), distances.ravel().tolist(), strict=True):
                name = self.names[entry] if entry < len(self.names) else None
                if name is not None:
                    best[name] = min(distance, best.get(name, distance))
        return len(boxes), best


def load_kit(database: FaceDatabase, data_dir: Path, providers: list[str]) -> TattooKit:
    """Load the files, each from the release that the database is of, or else from ``data_dir`` itself.

    Raises:
        TattooFilesError: which file is missing or wrong, and what is needed.
    """
    folders = (database.directory, data_dir)
    found = {
        file: next((folder / file for folder in folders if (folder / file).is_file()), None) for file in FILES
    }
    missing = [file for file, path in found.items() if path is None]
    if missing:
        raise TattooFilesError(
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing in {data_dir}; "
            "put all four files there, or set ENABLE_TATTOO_SIGNAL=false"
        )
    paths = {file: path for file, path in found.items() if path is not None}
    file = ""
    try:
        detector = TattooDetector(paths[files.TATTOO_DETECTOR], providers)
        embedder = TattooEmbedder(paths[files.TATTOO_EMBEDDER], providers)
        file = f"{files.TATTOO_INDEX}: "
        index = VectorIndex.load(paths[files.TATTOO_INDEX], embedder.dimensions)
        file = f"{files.TATTOO_NAMES}: "
        names = parse_faces(paths[files.TATTOO_NAMES].read_bytes(), database.performers)
    except (ModelError, DamagedFileError, OSError) as error:
        raise TattooFilesError(f"{file}{error}") from error
    ids = index.ids
    known = frozenset(name for i in ids[ids < len(names)].tolist() if (name := names[i]) is not None)
    return TattooKit(detector, embedder, index, names, known)
