"""A build may be killed at any moment, and goes on where it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stash_sense.database.builder.build import WORK_FOLDER
from stash_sense.database.builder.people import BuildError
from stash_sense.database.builder.work import Outcome, WorkFile
from stash_sense.database.check import check_directory
from stash_sense.recognition.engine import Engine
from tests.database.photos import many_photos
from tests.database.release import SIX_FILES
from tests.database.test_builder import Builder
from tests.support.sidecar import environment

PHOTOS = 12

# A build like the tests', in a process of its own, which kills itself (SIGKILL: nothing can be tidied up).
_CHILD = """
import os, signal, sys
from pathlib import Path
from stash_sense.recognition.engine import load_engine
from stash_sense.settings import Settings
from tests.database.test_builder import Builder

photos, out, moment, count = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])

def after(count, wrapped):
    left = [count]
    def step(*args):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return wrapped(*args)
    return step

builder = Builder(load_engine(Settings.from_environment()))
if moment == "looking":
    builder._analyse = after(count, builder._analyse)
else:
    Path.replace = after(count, Path.replace)
builder.folders(photos, out)
"""


@pytest.fixture
def photos(faces_dir: Path, tmp_path: Path) -> Path:
    return many_photos(faces_dir, tmp_path / "photos/obama", PHOTOS).parent


@pytest.fixture
def builder(engine: Engine) -> Builder:
    return Builder(engine)


def build_and_be_killed(
    photos: Path, out: Path, moment: str, count: int, models_dir: Path, insightface_home: Path
) -> None:
    variables = {
        "MODELS_DIR": str(models_dir),
        "INSIGHTFACE_HOME": str(insightface_home),
        "REQUIRE_GPU": "false",
    }
    finished = subprocess.run(
        [sys.executable, "-c", _CHILD, str(photos), str(out), moment, str(count)],
        env=environment(variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == -signal.SIGKILL, finished.stderr


def files_of(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_no_photo_is_looked_at_twice_after_a_kill_and_the_result_is_the_same(
    builder: Builder, photos: Path, tmp_path: Path, models_dir: Path, insightface_home: Path
) -> None:
    out = tmp_path / "out"
    build_and_be_killed(photos, out, "looking", 7, models_dir, insightface_home)
    assert [path.name for path in out.iterdir()] == [WORK_FOLDER]

    builder.folders(photos, out)

    assert builder.shown == PHOTOS - 7
    builder.folders(photos, tmp_path / "uninterrupted")
    assert files_of(out) == files_of(tmp_path / "uninterrupted")


@pytest.mark.parametrize("moved", [3, 5])
def test_a_kill_while_the_files_take_their_places_leaves_a_folder_that_is_refused_and_mended(
    builder: Builder, photos: Path, tmp_path: Path, models_dir: Path, insightface_home: Path, moved: int
) -> None:
    out = tmp_path / "out"
    build_and_be_killed(photos, out, "moving", moved, models_dir, insightface_home)
    assert any(finding.state == "failed" for finding in check_directory(out))

    builder.folders(photos, out)

    assert builder.shown == 0
    assert set(files_of(out)) == SIX_FILES
    assert {finding.state for finding in check_directory(out)} == {"ok", "absent"}


def test_a_changed_photo_and_other_models_are_looked_at_anew(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"one")
    with WorkFile(tmp_path / "work.sqlite", "models 1") as work:
        work.remember(photo, Outcome("content", "no face found"))
        known = work.recall(photo)
        assert known is not None
        assert (known.content, known.refusal) == ("content", "no face found")
        before = photo.stat()
        photo.write_bytes(b"two")
        os.utime(photo, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
        assert work.recall(photo) is None
        os.utime(photo, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert work.recall(photo) is not None
    with WorkFile(tmp_path / "work.sqlite", "models 2") as work:
        assert work.recall(photo) is None


def test_two_builds_into_one_folder_are_refused(builder: Builder, photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out" / WORK_FOLDER
    folder.mkdir(parents=True)
    with WorkFile(folder / "work.sqlite", "x"), pytest.raises(BuildError, match="another build"):
        builder.folders(photos, tmp_path / "out")
