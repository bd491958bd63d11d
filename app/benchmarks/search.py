"""Exact search against Voyager's graph on face-like vectors: who is found, how fast, in how much memory.

Run from ``app/``: ``python -m benchmarks.search --entries 16000``. The user's databases have 280,000 entries
and more; building the graph of as many takes minutes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import voyager
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from stash_sense.database.index import VectorIndex

DIMENSIONS = 512
FACES_OF_A_PERSON = 4
# Cosines as between photos of one person: the entries of a person among each other, and a query and the
# entry that it belongs to.
WITHIN_PERSON = 0.6
TRUE_MATCH = 0.5
BATCH = 32
SLICE = 1000

Search = Callable[[NDArray[np.float32]], NDArray[np.int64]]


@dataclass(frozen=True)
class Measured:
    name: str
    recall: float
    ms_alone: float
    ms_in_batch: float
    megabytes: float


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    units: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return units


def near(vectors: NDArray[np.float64], cosine: float, random: np.random.Generator) -> NDArray[np.float64]:
    """Unit vectors that lie at the given cosine from ``vectors``, in random directions."""
    noise = random.standard_normal(vectors.shape)
    noise -= np.sum(noise * vectors, axis=1, keepdims=True) * vectors
    return cosine * vectors + float(np.sqrt(1 - cosine**2)) * unit(noise)


def synthetic(
    entries: int, queries: int, random: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Entries in clusters of one person each, and queries near some of the entries."""
    people = unit(random.standard_normal((-(-entries // FACES_OF_A_PERSON), DIMENSIONS)))
    # Two noisy copies of a centre at cosine c from it have c^2 between them.
    faces = near(np.repeat(people, FACES_OF_A_PERSON, axis=0)[:entries], WITHIN_PERSON**0.5, random)
    asked = near(faces[random.choice(entries, queries)], TRUE_MATCH, random)
    return faces.astype(np.float32), asked.astype(np.float32)


def measure(
    name: str, search: Search, asked: NDArray[np.float32], truth: NDArray[np.int64], megabytes: float
) -> Measured:
    started = time.perf_counter()
    found = np.concatenate([search(asked[i : i + 1]) for i in range(len(asked))])
    alone = time.perf_counter() - started
    started = time.perf_counter()
    for i in range(0, len(asked), BATCH):
        search(asked[i : i + BATCH])
    batch = time.perf_counter() - started
    to_ms = 1000 / len(asked)
    return Measured(name, float(np.mean(found == truth)), alone * to_ms, batch * to_ms, megabytes)


def run(entries: int, queries: int, folder: Path) -> list[Measured]:
    faces, asked = synthetic(entries, queries, np.random.default_rng(1))
    path = folder / "synthetic.voy"
    graph = voyager.Index(voyager.Space.Cosine, DIMENSIONS, max_elements=entries)
    for start in track(range(0, entries, SLICE), "building the graph"):
        part = faces[start : start + SLICE]
        graph.add_items(part, list(range(start, start + len(part))))
    graph.save(str(path))
    del graph

    exact = VectorIndex.load(path)
    wide = np.concatenate([(faces @ query).argmax(keepdims=True) for query in asked])
    results = [measure("exact", lambda q: exact.search(q, 1)[0][:, 0], asked, wide, exact.nbytes / 1e6)]
    loaded = voyager.Index.load(str(path))
    # Voyager keeps the whole file in memory.
    megabytes = path.stat().st_size / 1e6
    for ef in (-1, 200, 800):
        name = "Voyager, default" if ef < 0 else f"Voyager, ef={ef}"

        def search(q: NDArray[np.float32], ef: int = ef) -> NDArray[np.int64]:
            found: NDArray[np.int64] = loaded.query(q, 1, query_ef=ef)[0][:, 0].astype(np.int64)
            return found

        results.append(measure(name, search, asked, wide, megabytes))
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--entries", type=int, default=16_000)
    parser.add_argument("--queries", type=int, default=256)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = run(arguments.entries, arguments.queries, Path(folder))
    title = f"{arguments.entries} entries, {arguments.queries} queries at cosine {TRUE_MATCH} to their match"
    table = Table("search", "recall@1", "ms, alone", f"ms, batch of {BATCH}", "MB", title=title)
    for row in results:
        figures = (
            f"{row.recall:.1%}",
            f"{row.ms_alone:.2f}",
            f"{row.ms_in_batch:.2f}",
            f"{row.megabytes:.0f}",
        )
        table.add_row(row.name, *figures)
    Console().print(table)


if __name__ == "__main__":
    main()
