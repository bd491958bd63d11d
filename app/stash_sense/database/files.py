"""What the data files are called, and where they lie."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FACENET_INDEX: Final[str] = "face_facenet.voy"
ARCFACE_INDEX: Final[str] = "face_arcface.voy"
FACES: Final[str] = "faces.json"
PERFORMERS: Final[str] = "performers.json"
PERFORMERS_DB: Final[str] = "performers.db"
MANIFEST: Final[str] = "manifest.json"

TATTOO_INDEX: Final[str] = "tattoo_embeddings.voy"
TATTOO_NAMES: Final[str] = "tattoo_embeddings.json"
TATTOO_DETECTOR: Final[str] = "tattoo_detector.onnx"
TATTOO_EMBEDDER: Final[str] = "tattoo_embedder.onnx"

# The manifest comes first: its checksums say what the others must be.
REQUIRED: Final[tuple[str, ...]] = (MANIFEST, PERFORMERS, FACES, FACENET_INDEX, ARCFACE_INDEX, PERFORMERS_DB)
OPTIONAL: Final[tuple[str, ...]] = (TATTOO_INDEX, TATTOO_NAMES)

EMBEDDING_DIMENSIONS: Final[int] = 512

_CURRENT: Final[str] = "current"


def active_directory(data_dir: Path) -> Path:
    """The folder whose files count: the release that ``data_dir/current`` names, else ``data_dir`` itself.

    The link is followed once, here: files read one after the other then come from one release even if
    the link moves meanwhile. A dangling link is followed too, so that the missing release is named.
    """
    current = data_dir / _CURRENT
    return current.resolve() if current.is_symlink() or current.is_dir() else data_dir
