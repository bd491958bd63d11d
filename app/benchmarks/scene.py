"""A 10-minute 1080p scene of three people, asked about while /health is polled; and ways to get its frames.

Run from ``app/``: ``MODELS_DIR=... FACES_DIR=... python -m benchmarks.scene``. The sidecar is a process of
its own; both it and this one, which serves the film by HTTP ranges as Stash does, are held to two cores.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.scene_database import large_database
from benchmarks.scene_film import long_film
from stash_sense.media.video.source import open_video
from stash_sense.media.video.stop import Stop
from stash_sense.recognition.scene.sampling import sample_times, tolerance_of
from tests.support.sidecar import RunningSidecar, running_sidecar
from tests.support.stash_server import StashFile, StashScene, StashServer, stash_running

KEY = "sk-benchmark"
FRAMES = 60
# The plugin's.
TIMEOUT = 180
POLL_SECONDS = 0.02
CORES = 2


@dataclass(frozen=True)
class Health:
    """Milliseconds of the answers of /health while a scene was being identified."""

    answers: int
    median: float
    p99: float
    largest: float


def poll(address: str, begun: Event, done: Event, took: Queue[list[float]]) -> None:
    """Ask /health again and again; in a process of its own, which nothing else keeps waiting."""
    found = []
    with httpx.Client(base_url=address, timeout=30) as client:
        begun.set()
        while not done.wait(POLL_SECONDS):
            start = time.perf_counter()
            client.get("/health").raise_for_status()
            found.append((time.perf_counter() - start) * 1000)
    took.put(found)


@contextmanager
def polling(address: str, found: list[Health]) -> Iterator[None]:
    context = multiprocessing.get_context("spawn")
    begun, done, took = context.Event(), context.Event(), context.Queue()
    process = context.Process(target=poll, args=(address, begun, done, took))
    process.start()
    # Its start takes seconds of a busy machine; the scene's first seconds count as well.
    begun.wait()
    try:
        yield
    finally:
        done.set()
        times = took.get(timeout=60)
        process.join()
        median, p99 = np.percentile(times, [50, 99])
        found.append(Health(len(times), float(median), float(p99), max(times)))


def identify(sidecar: RunningSidecar, expected: set[str]) -> tuple[float, dict[str, Any], Health]:
    found: list[Health] = []
    with polling(sidecar.address, found):
        body = {"scene_id": "1", "num_frames": FRAMES}
        start = time.perf_counter()
        answer = sidecar.client.post("/identify/scene", json=body, timeout=TIMEOUT)
        seconds = time.perf_counter() - start
    answer.raise_for_status()
    persons = answer.json()["persons"]
    named = {person["best_match"]["name"] for person in persons if person["best_match"]}
    if named != expected or len(persons) != len(expected):
        raise AssertionError(f"found {named} in {len(persons)} persons; expected {expected}")
    return seconds, answer.json(), found[0]


def by_seeking(url: httpx.URL, _: list[float]) -> int:
    with open_video(url, {"ApiKey": KEY}, None, Stop(600)) as film:
        times = sample_times(film.seconds or 0, FRAMES, 0.05, 0.95, film.frame_seconds)
        return sum(film.picture(t, tolerance_of(times)).pixels.ndim == 3 for t in times)


def by_ffmpegs_own_http(url: httpx.URL, times: list[float]) -> int:
    """The same seeks, and HTTP by FFmpeg, which cannot be told to keep the key from a redirect's target."""
    got = 0
    with av.open(str(url), options={"headers": f"ApiKey: {KEY}\r\n"}) as container:
        stream = container.streams.video[0]
        for seconds in times:
            container.seek(int(seconds / (stream.time_base or 1)), stream=stream)
            packet = next(p for p in container.demux(stream) if p.is_keyframe)
            frames = [*stream.codec_context.decode(packet), *stream.codec_context.decode(None)]
            got += frames[0].to_ndarray(format="rgb24").ndim == 3
    return got


def by_decoding_everything(url: httpx.URL, times: list[float]) -> int:
    left, got = iter(times), 0
    wanted = next(left, None)
    with av.open(str(url), options={"headers": f"ApiKey: {KEY}\r\n"}) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for frame in container.decode(stream):
            if wanted is not None and frame.time is not None and frame.time >= wanted:
                got += frame.to_ndarray(format="rgb24").ndim == 3
                wanted = next(left, None)
            if wanted is None:
                break
    return got


def by_a_process_per_frame(url: httpx.URL, times: list[float]) -> int:
    got = 0
    for seconds in times:
        command = ["ffmpeg", "-v", "error", "-headers", f"ApiKey: {KEY}\r\n", "-ss", f"{seconds:.3f}"]
        command += ["-i", str(url), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        got += bool(subprocess.run(command, capture_output=True, check=True).stdout)
    return got


def timed(way: Callable[[httpx.URL, list[float]], int], url: httpx.URL, times: list[float]) -> float:
    start = time.perf_counter()
    got = way(url, times)
    seconds = time.perf_counter() - start
    if got != len(times):
        raise AssertionError(f"{got} of {len(times)} frames")
    return seconds


def compare(stash: StashServer, minutes: int) -> Table:
    url = httpx.URL(f"{stash.url}/scene/1/stream")
    times = sample_times(minutes * 60, FRAMES, 0.05, 0.95, 1 / 25)
    ways = {
        "the nearest keyframe, else decoding on; ranges read here (the sidecar)": by_seeking,
        "the keyframe before, however far; FFmpeg's own HTTP": by_ffmpegs_own_http,
        "decoding everything": by_decoding_everything,
    }
    if shutil.which("ffmpeg"):
        ways["a process of ffmpeg for each frame"] = by_a_process_per_frame
    table = Table("way", "s", title=f"{FRAMES} frames of {minutes} minutes at 1080p, over HTTP")
    for name, way in ways.items():
        table.add_row(name, f"{timed(way, url, times):.1f}")
    return table


def variables(folder: Path, database: Path, stash: StashServer) -> dict[str, str]:
    models = Path(os.environ["MODELS_DIR"])
    home = folder / "insightface"
    place = home / "models/buffalo_sc/det_500m.onnx"
    place.parent.mkdir(parents=True)
    place.symlink_to((models / "buffalo_sc/det_500m.onnx").resolve())
    return {
        "MODELS_DIR": str(models),
        "INSIGHTFACE_HOME": str(home),
        "REQUIRE_GPU": "false",
        "DATA_DIR": str(database),
        "STASH_URL": stash.url,
        "STASH_API_KEY": KEY,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--faces", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--scene-only", action="store_true", help="do not compare ways to get frames")
    parser.add_argument(
        "--keep", type=Path, help="folder for film and database, used again when they are there"
    )
    arguments = parser.parse_args()
    console = Console()
    photos = Path(os.environ["FACES_DIR"]) / "people"
    with tempfile.TemporaryDirectory() as scratch, stash_running(KEY) as stash:
        folder = arguments.keep or Path(scratch)
        film = long_film(folder / f"{arguments.minutes}_minutes.mp4", photos, arguments.minutes)
        database = large_database(folder / f"faces_{arguments.faces}", photos, arguments.faces)
        stash.scenes["1"] = StashScene("Three people", [StashFile.of("11", film)])
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
        table = Table("", "s", "/health median", "p99", "largest", "answers", title="POST /identify/scene")
        with running_sidecar(variables(Path(scratch), database, stash), Path(scratch) / "log") as sidecar:
            for run in range(arguments.runs):
                seconds, answer, health = identify(sidecar, {path.name for path in photos.iterdir()})
                figures = (f"{health.median:.1f} ms", f"{health.p99:.1f} ms", f"{health.largest:.1f} ms")
                table.add_row(f"run {run + 1}", f"{seconds:.1f}", *figures, str(health.answers))
                console.print(answer["timing"])
        console.print(table)
        if not arguments.scene_only:
            console.print(compare(stash, arguments.minutes))
        console.print(
            f"load of this machine, 1 minute: {os.getloadavg()[0]:.1f}; Python {sys.version.split()[0]}"
        )


if __name__ == "__main__":
    main()
