"""Taking the vectors out of a Voyager file."""

from __future__ import annotations

import struct
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import voyager
from numpy.typing import NDArray

from stash_sense.database.files import EMBEDDING_DIMENSIONS
from stash_sense.database.findings import DamagedFileError, one_line

_THREADS: Final[int] = 4
_BLOCK: Final[int] = 1024
_MAGIC: Final[bytes] = b"VOYA"
# Voyager 2 writes magic, version, dimensions, space, element type (then two values of inner products);
# then its graph's header: offset of the first element, capacity, elements, bytes of each, offsets of label
# and vector in it, levels, entry point, links per element on the upper levels and on the lowest.
_METADATA: Final = struct.Struct("<4sIIBBfB")
_GRAPH: Final = struct.Struct("<QQQQQQiIQQ")
_SPACES: Final[dict[int, str]] = {0: "Euclidean", 1: "InnerProduct", 2: "Cosine"}
_ELEMENT_BYTES: Final[dict[int, int]] = {0x10: 1, 0x20: 4, 0x30: 1}
_LABEL_BYTES: Final[int] = 8
_LINK_BYTES: Final[int] = 4


@dataclass(frozen=True, eq=False)
class Vectors:
    """The entries of an index.

    Attributes:
        ids: int64 (n,), ascending.
        rows: float32 (n, dimensions), C-contiguous, each of length 1; row i belongs to ids[i].
        unusable: entries left out: deleted ones, and ones without a direction (zero, NaN, infinite).
    """

    ids: NDArray[np.int64]
    rows: NDArray[np.float32]
    unusable: int


def read_vectors(path: Path, dimensions: int = EMBEDDING_DIMENSIONS) -> Vectors:
    """Read a cosine index of so many dimensions.

    Needs the file's own size once more than the result while it runs; the graph is dropped.

    Raises:
        DamagedFileError: not such an index, truncated, or not readable.
    """
    check_header(path, dimensions)
    try:
        index = voyager.Index.load(str(path))
        ids = np.fromiter(index.ids, np.int64, len(index.ids))
    except (RuntimeError, ValueError, MemoryError, OverflowError) as error:
        raise DamagedFileError(f"Voyager cannot load it: {one_line(error)}") from error
    ids.sort()
    rows = np.empty((len(ids), dimensions), np.float32)
    usable = np.empty(len(ids), np.bool_)

    def take(start: int) -> None:
        block = slice(start, start + _BLOCK)
        _extract(index, ids[block], rows[block])
        usable[block] = _normalise(rows[block])

    # Voyager copies a block outside the GIL.
    with ThreadPoolExecutor(_THREADS) as pool:
        deque(pool.map(take, range(0, len(ids), _BLOCK)), maxlen=0)
    unusable = int(len(ids) - np.count_nonzero(usable))
    if unusable:
        ids, rows = ids[usable], rows[usable]
    if not len(ids):
        raise DamagedFileError(f"none of its {unusable} entries is usable: all are deleted or zero")
    return Vectors(ids, rows, unusable)


def check_header(path: Path, needed_dimensions: int = EMBEDDING_DIMENSIONS) -> None:
    """Refuse what is no cosine index of so many dimensions, and headers that contradict the file's size.

    Voyager believes the header: with a damaged one it may end the whole process, so it must not see it.

    Raises:
        DamagedFileError: which it is.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(_METADATA.size + _GRAPH.size)
    if not head.startswith(_MAGIC):
        raise DamagedFileError(
            "not a Voyager index (or one from before Voyager 1.3): its first bytes are not VOYA"
        )
    if len(head) < _METADATA.size + _GRAPH.size:
        raise DamagedFileError(f"truncated Voyager index: only {size} bytes")
    _, version, dimensions, space, element, _, _ = _METADATA.unpack_from(head)
    if version != 1:
        raise DamagedFileError(f"Voyager file format {version}; format 1 is needed (written by Voyager 2)")
    if dimensions != needed_dimensions:
        raise DamagedFileError(f"{dimensions}-dimensional; {needed_dimensions} dimensions are needed")
    if space != 2:
        raise DamagedFileError(f"space is {_SPACES.get(space, f'unknown ({space})')}; Space.Cosine is needed")
    if element not in _ELEMENT_BYTES:
        raise DamagedFileError(f"unknown element type 0x{element:02x}; the header is damaged")
    _check_graph(head, size, dimensions * _ELEMENT_BYTES[element])


def _check_graph(head: bytes, size: int, vector_bytes: int) -> None:
    first, capacity, count, stride, label, vector, _, entry, _, links = _GRAPH.unpack_from(
        head, _METADATA.size
    )
    link_bytes = _LINK_BYTES * (links + 1)
    if count == 0:
        raise DamagedFileError("holds no vectors")
    consistent = (
        first == 0
        and count <= capacity
        and entry < count
        and vector == link_bytes
        and label == link_bytes + vector_bytes
        and stride == label + _LABEL_BYTES
    )
    if not consistent:
        raise DamagedFileError("damaged Voyager index: its header contradicts itself")
    needed = count * (stride + _LINK_BYTES)
    if size < needed:
        raise DamagedFileError(
            f"truncated Voyager index: {size} bytes; its {count} vectors need at least {needed}"
        )


def _extract(index: voyager.Index, ids: NDArray[np.int64], out: NDArray[np.float32]) -> None:
    try:
        out[:] = index.get_vectors(ids)
    except (RuntimeError, KeyError):
        # Some of the block are deleted: their ids are still listed, their vectors are not given.
        for i, identifier in enumerate(ids):
            try:
                out[i] = index.get_vector(int(identifier))
            except (RuntimeError, KeyError):
                out[i] = 0


def _normalise(rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Bring rows to length 1 in place; which of them had a direction."""
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    usable: NDArray[np.bool_] = np.isfinite(lengths) & (lengths > 0)
    np.divide(rows, lengths[:, None], out=rows, where=usable[:, None])
    return usable
