"""What the body signal costs: time of a picture with and without it, in one run.

Run from ``app/`` with MODELS_DIR and INSIGHTFACE_HOME set:
``python -m benchmarks.signals DATABASE PICTURE...``. The database needs body proportions of the people in the
pictures, else nothing is measured; ``--proportions`` makes a copy in which everybody has some.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from stash_sense.database.load import FaceDatabase, load_database
from stash_sense.media.decode import ImageLimits, decode_image
from stash_sense.recognition.engine import load_engine
from stash_sense.recognition.recogniser import Query, identify
from stash_sense.settings import Settings
from stash_sense.signals.reports import SignalKnobs
from stash_sense.signals.signals import Signals

START_SECONDS = 180


def with_proportions(database: FaceDatabase, folder: Path) -> FaceDatabase:
    """The same database beside a ``performers.db`` that knows everybody's proportions."""
    path = folder / "performers.db"
    shutil.copyfile(database.directory / "performers.db", path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO body_proportions SELECT id, 1.6, 1.2, 1.0, 0.9 FROM performers")
    return replace(database, directory=folder)


def wait_until_loaded(signals: Signals, database: FaceDatabase) -> str:
    deadline = time.monotonic() + START_SECONDS
    while True:
        check = signals.checks(database)[0]
        if check.state != "starting" or time.monotonic() > deadline:
            return f"{check.state}: {check.reason}"
        time.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("pictures", type=Path, nargs="+")
    parser.add_argument("--proportions", action="store_true")
    parser.add_argument("--repeat", type=int, default=20)
    arguments = parser.parse_args()
    settings = Settings.from_environment()
    limits = ImageLimits(settings.max_image_bytes, settings.max_image_pixels)
    console = Console()
    engine, database = load_engine(settings), load_database(arguments.database)
    with tempfile.TemporaryDirectory() as folder:
        if arguments.proportions:
            database = with_proportions(database, Path(folder))
        signals = Signals(settings)
        started = time.perf_counter()
        signals.prepare(database)
        console.print(f"body signal {wait_until_loaded(signals, database)}")
        console.print(f"loaded in {time.perf_counter() - started:.1f} s, beside everything else")
        table = Table("picture", "faces", "body", "ms without", "ms with", "more")
        for path in arguments.pictures:
            image = decode_image(path.read_bytes(), limits)
            milliseconds: dict[bool, list[float]] = {False: [], True: []}
            said, faces = "", 0
            # Turn by turn, so that whatever else the machine does meets both alike.
            for _ in range(arguments.repeat):
                for used in (False, True):
                    of = signals.of_picture(database, SignalKnobs(use_body=used))
                    started = time.perf_counter()
                    faces = len(identify(engine.pipeline, database, image, Query(), of.weigh))
                    milliseconds[used].append((time.perf_counter() - started) * 1000)
                said = of.reports[0].state
            without, with_it = (statistics.median(milliseconds[used]) for used in (False, True))
            figures = (f"{without:.1f}", f"{with_it:.1f}", f"{with_it - without:.1f}")
            table.add_row(path.name, str(faces), said, *figures)
        signals.stop()
    console.print(table)


if __name__ == "__main__":
    main()
