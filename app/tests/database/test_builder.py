"""Photos become the six files, by the real models."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from stash_sense.database.builder.build import WORK_FOLDER, BuildReport, build
from stash_sense.database.builder.people import BuildError, Person, people_of_folders
from stash_sense.database.check import check_directory
from stash_sense.database.endpoints import Endpoint
from stash_sense.database.load import load_database
from stash_sense.media.limits import ImageLimits
from stash_sense.recognition.engine import Engine
from stash_sense.recognition.faces import DetectedFace
from tests.database.photos import beside, copy_people, many_photos
from tests.database.release import SIX_FILES, Release

LIMITS = ImageLimits(max_bytes=50_000_000, max_pixels=50_000_000)
NOW = datetime(2026, 2, 12, 8, 0, tzinfo=UTC)


class Builder:
    """Builds with the real models, and counts the pictures that they were shown."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.model_hashes = dict(engine.model_hashes)
        self.shown = 0

    def __call__(self, people: Sequence[Person], out: Path) -> BuildReport:
        return build(
            people, out, source=self._analyse, model_hashes=self.model_hashes, limits=LIMITS, now=NOW
        )

    def folders(self, photos: Path, out: Path) -> BuildReport:
        return self(people_of_folders(photos, Endpoint.STASHDB), out)

    def _analyse(self, image: NDArray[np.uint8]) -> Sequence[DetectedFace]:
        self.shown += 1
        return self._engine.pipeline.analyse(image)


@pytest.fixture
def builder(engine: Engine) -> Builder:
    return Builder(engine)


def reasons(report: BuildReport) -> dict[str, str]:
    return {left.photo.name: left.reason for left in report.left_out}


def test_a_built_database_is_valid_and_holds_the_golden_vectors(
    builder: Builder, faces_dir: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    report = builder.folders(faces_dir / "people", out)

    assert (report.performer_count, report.face_count, report.left_out, report.absent) == (3, 6, (), ())
    assert {path.name for path in out.iterdir()} == SIX_FILES
    assert {f.state for f in check_directory(out)} == {"ok", "absent"}
    database = load_database(out)
    with np.load(faces_dir / "golden.npz") as golden:
        for name, index in (("facenet", database.facenet), ("arcface", database.arcface)):
            for face, vector in zip(golden["face"], golden[name], strict=True):
                kind, person, *_ = str(face).split("/")
                if kind == "people":
                    ids, distances = index.search(vector[None], 1)
                    assert distances[0, 0] < 0.01
                    found = database.faces[ids[0, 0]]
                    assert found is not None
                    assert database.performers[found].name == person


def test_the_files_have_the_shapes_of_the_distributed_ones(
    builder: Builder, faces_dir: Path, tmp_path: Path
) -> None:
    photos = faces_dir / "people"
    people = [
        Person("theporndb.net:42", "Joe", (photos / "biden/2.jpg",), "US", "https://example.org/joe.jpg"),
        Person("stashdb.org:b", "Astronaut", (photos / "astronaut/astronaut.png",)),
    ]

    builder(people, tmp_path)

    built = Release(tmp_path)
    assert built.read_json("faces.json") == ["theporndb.net:42", "stashdb.org:b"]
    assert built.read_json("performers.json")["theporndb.net:42"] == {
        "name": "Joe",
        "country": "US",
        "image_url": "https://example.org/joe.jpg",
        "face_count": 1,
    }
    manifest = built.read_json("manifest.json")
    assert (manifest["version"], manifest["created_at"]) == ("2026.02.12", "2026-02-12T08:00:00Z")
    assert manifest["sources"] == ["stashdb", "theporndb"]
    assert manifest["models"]["facenet512"] == {"sha256": builder.model_hashes["facenet512"]}
    assert set(manifest["checksums"]) == SIX_FILES - {"manifest.json"}
    with closing(sqlite3.connect(tmp_path / "performers.db")) as connection:
        rows = connection.execute(
            "SELECT canonical_name, country, endpoint, stashbox_performer_id, facenet_index, arcface_index"
            " FROM performers p JOIN stashbox_ids s ON s.performer_id = p.id"
            " JOIN faces f ON f.performer_id = p.id"
        ).fetchall()
    assert rows == [("Joe", "US", "theporndb", "42", 0, 0), ("Astronaut", None, "stashdb", "b", 1, 1)]


def test_photos_that_cannot_be_used_are_listed_with_the_reason(
    builder: Builder, faces_dir: Path, tmp_path: Path
) -> None:
    photos = copy_people(faces_dir, tmp_path / "photos")
    (photos / "nobody").mkdir()
    Image.new("RGB", (400, 300), (90, 120, 60)).save(photos / "nobody/meadow.png")
    (photos / "biden/notes.txt").write_text("not a picture")
    (photos / "biden/cut.jpg").write_bytes((photos / "biden/2.jpg").read_bytes()[:2000])
    (photos / "biden/gone.jpg").symlink_to("nowhere.jpg")
    Image.new("L", (1, 1)).save(photos / "biden/dot.png")
    shutil.copyfile(faces_dir / "probe/two_people.jpg", photos / "obama/two_people.jpg")
    shutil.copyfile(faces_dir / "probe/solvay_1927.jpg", photos / "obama/crowd.jpg")

    report = builder.folders(photos, tmp_path / "out")

    listed = reasons(report)
    assert set(listed) == {
        "meadow.png", "notes.txt", "cut.jpg", "gone.jpg", "dot.png", "two_people.jpg", "crowd.jpg"
    }  # fmt: skip
    assert listed["meadow.png"] == listed["dot.png"] == "no face found"
    assert "No such file" in listed["gone.jpg"]
    assert "2 faces" in listed["two_people.jpg"]
    assert report.absent == ("nobody",)
    assert report.face_count == 6
    assert {f.state for f in check_directory(tmp_path / "out")} == {"ok", "absent"}


def test_a_face_that_clearly_dominates_is_the_persons(
    builder: Builder, faces_dir: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "photos/biden/with_bystander.jpg"
    photo.parent.mkdir(parents=True)
    people = faces_dir / "people"
    beside(people / "biden/2.jpg", people / "obama/1.jpg", photo, 0.25)

    report = builder.folders(tmp_path / "photos", tmp_path / "out")

    assert report.left_out == ()
    database = load_database(tmp_path / "out")
    with np.load(faces_dir / "golden.npz") as golden:
        [at] = [i for i, face in enumerate(golden["face"]) if str(face).startswith("people/biden/2.jpg")]
        assert database.arcface.search(golden["arcface"][at][None], 1)[1][0, 0] < 0.2


def test_copies_count_once_for_a_person_and_not_at_all_when_given_for_several(
    builder: Builder, faces_dir: Path, tmp_path: Path
) -> None:
    photos = copy_people(faces_dir, tmp_path / "photos")
    shutil.copyfile(photos / "biden/2.jpg", photos / "biden/again.jpg")
    assert builder.folders(photos, tmp_path / "one").face_count == 6

    shutil.copyfile(photos / "obama/5.jpg", photos / "biden/wrong.jpg")
    report = builder.folders(photos, tmp_path / "two")

    assert report.face_count == 5
    assert reasons(report) == dict.fromkeys(
        ("wrong.jpg", "5.jpg"), "the same photo is given for several people"
    )


def test_the_same_photos_give_the_same_bytes(builder: Builder, faces_dir: Path, tmp_path: Path) -> None:
    photos = many_photos(faces_dir, tmp_path / "photos/obama", 5).parent

    builder.folders(photos, tmp_path / "one")
    builder.folders(photos, tmp_path / "two")

    for file in SIX_FILES:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


def test_when_nobody_can_be_taken_nothing_is_written(builder: Builder, tmp_path: Path) -> None:
    (tmp_path / "photos/ann").mkdir(parents=True)
    (tmp_path / "photos/ann/x.jpg").write_bytes(b"x")

    report = builder.folders(tmp_path / "photos", tmp_path / "out")

    assert (report.face_count, report.absent) == (0, ("ann",))
    assert not (tmp_path / "out").exists()


def test_its_own_database_is_replaced_and_anybody_elses_is_not(
    builder: Builder, faces_dir: Path, tmp_path: Path, release: Release
) -> None:
    photos = copy_people(faces_dir, tmp_path / "photos")
    builder.folders(photos, tmp_path / "out")
    shutil.rmtree(photos / "obama")
    assert builder.folders(photos, tmp_path / "out").face_count == 2
    assert len(load_database(tmp_path / "out").facenet) == 2

    with pytest.raises(BuildError, match="did not write"):
        builder.folders(photos, release.directory)
    # Nor where a build was begun before the files were put there.
    (release.directory / WORK_FOLDER).mkdir()
    with pytest.raises(BuildError, match="did not write"):
        builder.folders(photos, release.directory)
    assert {f.state for f in check_directory(release.directory)} == {"ok", "absent"}
