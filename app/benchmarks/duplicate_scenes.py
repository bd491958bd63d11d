"""Duplicate scenes in a large library: how long, in how much memory, and against comparing all pairs.

Run from ``app/``: ``python -m benchmarks.duplicate_scenes``. A Stash of another process answers page by page,
at the default rate; fingerprints are read from SQLite and recommendations are written to it. The baseline
scores all pairs of a smaller library, of which the search must find the same.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import combinations
from multiprocessing.connection import Connection
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.scene_library import SceneLibrary, serve
from stash_sense.analyses.base import AnalysisContext
from stash_sense.analyses.duplicate_scenes.analysis import DuplicateScenes
from stash_sense.analyses.duplicate_scenes.facts import SceneFacts
from stash_sense.analyses.duplicate_scenes.partners import PartnerSearch
from stash_sense.analyses.duplicate_scenes.scoring import THRESHOLD, score
from stash_sense.analyses.duplicate_scenes.table import TableBuilder
from stash_sense.library import analysis_runs
from stash_sense.library.library import Library
from stash_sense.stash.client import StashClient


async def analyse(address: str, folder: Path) -> tuple[float, float, AnalysisContext]:
    """The whole analysis; wall clock and processor seconds."""
    stash, library, analysis = StashClient(address, None), Library(folder), DuplicateScenes()
    run_id = await library.writing(lambda connection: analysis_runs.begin(connection, analysis.type))
    context = AnalysisContext(analysis.type, run_id, stash, library)
    started, used = time.perf_counter(), time.process_time()
    await analysis.run(context)
    took = time.perf_counter() - started, time.process_time() - used
    await stash.aclose()
    await library.stop()
    return *took, context


def all_pairs(scenes: Sequence[SceneFacts]) -> dict[int, float]:
    """The best score of each scene with a later one, by the definition."""
    best: dict[int, float] = {}
    for one, other in combinations(scenes, 2):
        points = score(one, other)
        if points >= THRESHOLD and points > best.get(one.scene_id, 0.0):
            best[one.scene_id] = points
    return best


def by_keys(scenes: Sequence[SceneFacts]) -> dict[int, float]:
    """The same by the search."""
    builder = TableBuilder()
    for scene in scenes:
        builder.add(scene)
    table = builder.build()
    search = PartnerSearch(table)
    found = (search.best(row) for row in search.order.tolist())
    return {int(table.ids[pair.row]): pair.score for pair in found if pair is not None}


def large(library: SceneLibrary, console: Console) -> None:
    with tempfile.TemporaryDirectory() as name:
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=_other_side, args=(there, library, name), daemon=True
        )
        process.start()
        address = here.recv()
        wall, used, context = asyncio.run(analyse(address, Path(name)))
        process.terminate()
        process.join()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table = Table("scenes", "of one performer", "recommended", "s", "s of processor", "MB at most")
    figures = (library.scenes, library.crowd, context.created, round(wall, 1), round(used, 1), round(peak))
    table.add_row(*map(str, figures))
    console.print(table)


def _other_side(pipe: Connection, library: SceneLibrary, folder: str) -> None:
    asyncio.run(library.save_fingerprints(Path(folder)))
    with serve(library) as address:
        pipe.send(address)
        time.sleep(3600)


def small(library: SceneLibrary, console: Console) -> bool:
    scenes = list(library.facts())
    started = time.perf_counter()
    expected = all_pairs(scenes)
    pairs_seconds = time.perf_counter() - started
    started = time.perf_counter()
    found = by_keys(scenes)
    keys_seconds = time.perf_counter() - started
    table = Table("scenes", "all pairs, s", "by keys, s", "recommended", "the same")
    same = found == expected
    figures = (
        len(scenes),
        f"{pairs_seconds:.2f}",
        f"{keys_seconds:.2f}",
        len(expected),
        "yes" if same else "NO",
    )
    table.add_row(*map(str, figures))
    console.print(table)
    return same


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--scenes", type=int, default=100_000)
    parser.add_argument("--crowd", type=int, default=0, help="scenes of one performer and one studio")
    parser.add_argument("--baseline", type=int, default=1500, help="scenes of which all pairs are compared")
    arguments = parser.parse_args()
    console = Console()
    large(SceneLibrary(arguments.scenes, arguments.crowd), console)
    share = arguments.crowd / arguments.scenes
    same = small(SceneLibrary(arguments.baseline, round(arguments.baseline * share)), console)
    sys.exit(not same)


if __name__ == "__main__":
    main()
