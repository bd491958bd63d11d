"""Tattoos for tests: green squares with one dark quarter, painted on pictures, and whose they are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import voyager
from numpy.typing import NDArray

from stash_sense.inference.sessions import CPU
from stash_sense.signals.tattoo.embedder import TattooEmbedder
from tests.signals.tattoo.models import write_detector, write_embedder

SIDE = 160


def tattoo(quarter: int) -> NDArray[np.uint8]:
    """uint8 (160, 160, 3), RGB; dark in quarter 0 to 3."""
    square = np.full((SIDE, SIDE, 3), (0, 255, 0), np.uint8)
    top, left = divmod(quarter, 2)
    half = SIDE // 2
    square[top * half : (top + 1) * half, left * half : (left + 1) * half] = (0, 120, 0)
    return square


def tattooed(photo: NDArray[np.uint8], quarter: int, x: int = 20, y: int | None = None) -> NDArray[np.uint8]:
    """The photo with the tattoo painted on, by default near its lower left corner."""
    painted = photo.copy()
    top = photo.shape[0] - SIDE - 20 if y is None else y
    painted[top : top + SIDE, x : x + SIDE] = tattoo(quarter)
    return painted


def write_files(folder: Path, owners: dict[int, str | None]) -> None:
    """All four files; ``owners`` is quarter to universal id, None for a gap."""
    write_detector(folder / "tattoo_detector.onnx")
    write_embedder(folder / "tattoo_embedder.onnx")
    write_index(folder, owners)


def write_index(folder: Path, owners: dict[int, str | None]) -> None:
    embedder = TattooEmbedder(folder / "tattoo_embedder.onnx", [CPU])
    vectors = [embedder.embed(tattoo(quarter)) for quarter in owners]
    index = voyager.Index(voyager.Space.Cosine, embedder.dimensions)
    index.add_items(np.stack([vector for vector in vectors if vector is not None]), list(range(len(vectors))))
    index.save(str(folder / "tattoo_embeddings.voy"))
    (folder / "tattoo_embeddings.json").write_text(json.dumps(list(owners.values())), "utf-8")
