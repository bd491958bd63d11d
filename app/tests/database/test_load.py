"""A valid release becomes a database; anything else becomes one line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stash_sense.database.files import active_directory
from stash_sense.database.load import DatabaseError, load_database
from tests.database.release import Release, random_vectors, universal_id


def test_a_release_is_loaded_with_people_positions_and_vectors(release: Release) -> None:
    database = load_database(release.directory)

    assert database.manifest.version == "2026.02.12"
    assert database.warnings == ()
    assert len(database.facenet) == len(database.arcface) == 6
    assert len(database.faces) == 7
    assert database.faces[3] is None
    performer = database.performers[universal_id(1)]
    assert (performer.name, performer.country, performer.face_count) == ("Person 1", None, 2)
    assert performer.stashdb_id == universal_id(1).removeprefix("stashdb.org:")
    # The fourth vector has id 4, behind the gap.
    assert database.facenet.search(random_vectors(6)[3:4], 1)[0][0, 0] == 4
    assert database.faces[4] == universal_id(1)


def test_the_same_person_is_one_string_in_memory(release: Release) -> None:
    database = load_database(release.directory)

    [key] = [key for key in database.performers if key == universal_id(0)]
    assert database.faces[0] is key
    assert database.faces[1] is key


def test_a_release_that_cannot_be_used_is_one_line_with_every_reason(release: Release) -> None:
    (release.directory / "performers.db").unlink()
    release.truncate("faces.json")
    release.seal()

    with pytest.raises(DatabaseError) as raised:
        load_database(release.directory)

    message = str(raised.value)
    assert "\n" not in message
    assert "faces.json: Invalid JSON" in message
    assert "performers.db: missing" in message
    assert {finding.file for finding in raised.value.findings} == {"faces.json", "performers.db"}


def test_what_an_older_database_lacks_is_a_warning_of_the_loaded_one(release: Release) -> None:
    release.write_tables_without("tattoo_detections")
    release.seal()

    [warning] = load_database(release.directory).warnings

    assert warning.startswith("performers.db: lacks tattoo_detections")


def test_counts_that_a_manifest_does_not_state_are_those_of_the_files(release: Release) -> None:
    del release.manifest["performer_count"], release.manifest["face_count"]
    release.seal()

    manifest = load_database(release.directory).manifest

    assert (manifest.performer_count, manifest.face_count) == (3, 6)


def test_the_loaded_database_does_not_depend_on_its_files_any_more(release: Release) -> None:
    database = load_database(release.directory)
    for path in release.directory.iterdir():
        path.unlink()

    ids, _ = database.arcface.search(random_vectors(6, seed=1), 1)

    assert ids[:, 0].tolist() == [0, 1, 2, 4, 5, 6]
    assert np.isfinite(database.facenet.vector(0)).all()


def test_the_current_release_counts_and_stays_the_one_that_was_current(tmp_path: Path) -> None:
    assert active_directory(tmp_path) == tmp_path
    for name in ("a", "b"):
        (tmp_path / "releases" / name).mkdir(parents=True)
    current = tmp_path / "current"
    current.symlink_to("releases/a")

    active = active_directory(tmp_path)
    current.unlink()
    current.symlink_to("releases/b")

    assert active.name == "a"
    assert active_directory(tmp_path).name == "b"


def test_a_current_that_leads_nowhere_is_named_and_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to("releases/gone")

    with pytest.raises(DatabaseError, match="releases/gone"):
        load_database(active_directory(tmp_path))
