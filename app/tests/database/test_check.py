"""Every kind of bad data is told apart, named, and found in one pass."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from stash_sense.database.check import Finding, check_directory
from stash_sense.database.files import OPTIONAL
from tests.database.release import SIX_FILES, Release, random_vectors, universal_id, write_index


def of_state(findings: list[Finding], state: str) -> list[tuple[str, str]]:
    return [(finding.file, finding.reason) for finding in findings if finding.state == state]


def only_failure(release: Release) -> tuple[str, str]:
    failures = of_state(check_directory(release.directory), "failed")
    assert len(failures) == 1, failures
    return failures[0]


def test_a_good_release_is_ok_in_every_file(release: Release) -> None:
    findings = check_directory(release.directory)

    assert {finding.file for finding in findings if finding.state == "ok"} == SIX_FILES
    assert [finding.file for finding in findings if finding.state == "absent"] == list(OPTIONAL)
    assert len(findings) == 8


def test_bare_and_upper_case_checksums_count_too(release: Release) -> None:
    release.seal(prefix="")
    release.manifest["checksums"]["faces.json"] = release.manifest["checksums"]["faces.json"].upper()
    release.write_json("manifest.json", release.manifest)

    assert not of_state(check_directory(release.directory), "failed")


def test_unknown_keys_of_a_manifest_are_no_problem(release: Release) -> None:
    release.manifest |= {"models": {"facenet": {"dim": 512}}, "tattoo": [1, 2]}
    release.seal()

    assert not of_state(check_directory(release.directory), "failed")


@pytest.mark.parametrize("file", sorted(SIX_FILES))
def test_a_missing_file_is_named(release: Release, file: str) -> None:
    (release.directory / file).unlink()

    assert (file, True) in [
        (name, reason.startswith("missing"))
        for name, reason in of_state(check_directory(release.directory), "failed")
    ]


@pytest.mark.parametrize("file", sorted(SIX_FILES - {"manifest.json"}))
def test_a_file_of_another_checksum_is_named(release: Release, file: str) -> None:
    with (release.directory / file).open("ab") as stream:
        stream.write(b" ")

    failures = of_state(check_directory(release.directory), "failed")

    assert {name for name, _ in failures} == {file}
    assert "the manifest says" in failures[0][1]


def test_without_checksums_such_a_file_passes_when_asked_to(release: Release) -> None:
    with (release.directory / "faces.json").open("ab") as stream:
        stream.write(b" ")

    assert not of_state(check_directory(release.directory, verify_checksums=False), "failed")


@pytest.mark.parametrize("file", ["manifest.json", "faces.json", "performers.json"])
def test_truncated_json_is_named_as_such(release: Release, file: str) -> None:
    release.truncate(file)
    if file != "manifest.json":
        release.seal()

    name, reason = only_failure(release)

    assert name == file
    assert "Invalid JSON" in reason


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("faces.json", {"0": "x"}, "valid array"),
        ("faces.json", [1], "0: Input should be a valid string"),
        ("performers.json", [], "should be an object"),
        ("performers.json", {"stashdb.org:x": {"country": "NL"}}, "stashdb.org:x.name: Field required"),
    ],
)
def test_json_of_another_shape_is_named_with_the_place(
    release: Release, file: str, content: object, words: str
) -> None:
    release.write_json(file, content)
    release.seal()

    assert any(
        file == name and words in reason
        for name, reason in of_state(check_directory(release.directory), "failed")
    )


def test_indices_of_different_lengths_are_told(release: Release) -> None:
    write_index(release.directory / "face_arcface.voy", random_vectors(5), [0, 1, 2, 4, 5])
    release.seal()

    assert only_failure(release) == (
        "face_arcface.voy",
        "holds 5 entries, face_facenet.voy 6; they must be of one release",
    )


@pytest.mark.parametrize("file", ["face_facenet.voy", "face_arcface.voy"])
def test_an_index_of_other_dimensions_is_told(release: Release, file: str) -> None:
    write_index(release.directory / file, np.ones((6, 128), np.float32))
    release.seal()

    assert only_failure(release) == (file, "128-dimensional; 512 dimensions are needed")


def test_faces_shorter_than_the_index_are_told(release: Release) -> None:
    release.write_json("faces.json", release.read_json("faces.json")[:4])
    release.seal()

    name, reason = of_state(check_directory(release.directory), "failed")[0]

    assert name == "faces.json"
    assert "has 4 entries, face_facenet.voy needs 7" in reason


def test_faces_of_unknown_performers_are_counted(release: Release) -> None:
    performers = release.read_json("performers.json")
    del performers[universal_id(0)], performers[universal_id(2)]
    release.write_json("performers.json", performers)
    release.seal()

    name, reason = only_failure(release)

    assert name == "faces.json"
    assert "names 2 performers (4 entries) that performers.json lacks" in reason
    assert universal_id(0) in reason


def test_counts_that_disagree_and_faces_without_a_vector_are_warnings(release: Release) -> None:
    release.manifest |= {"performer_count": 9}
    release.write_json("faces.json", [*release.read_json("faces.json"), universal_id(1)])
    release.seal()

    findings = check_directory(release.directory)

    assert not of_state(findings, "failed")
    assert ("manifest.json", "performer_count is 9, the files hold 3") in of_state(findings, "warning")
    assert any("1 of its faces have no vector" in reason for _, reason in of_state(findings, "warning"))


def test_a_table_or_column_that_an_older_database_lacks_is_a_warning(release: Release) -> None:
    release.write_tables_without("tattoo_detections", "body_proportions")
    release.seal()

    findings = check_directory(release.directory)

    assert not of_state(findings, "failed")
    [(file, reason)] = of_state(findings, "warning")
    assert file == "performers.db"
    assert "body_proportions, tattoo_detections" in reason


def test_what_is_not_a_sqlite_database_is_told(release: Release) -> None:
    (release.directory / "performers.db").write_bytes(b"hello, this is not a database" * 100)
    release.seal()

    assert "SQLite" in only_failure(release)[1]


def test_an_empty_performers_db_is_told(release: Release) -> None:
    (release.directory / "performers.db").write_bytes(b"")
    release.seal()

    assert "none of the tables" in only_failure(release)[1]


def test_a_damaged_page_is_found_where_no_checksum_vouches_for_the_file(release: Release) -> None:
    path = release.directory / "performers.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO aliases VALUES (?, ?, 'x')", [(n, "name" * 9) for n in range(5000)]
        )
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 9000] = b"\xff" * 9000
    path.write_bytes(data)

    failures = of_state(check_directory(release.directory, verify_checksums=False), "failed")

    assert [name for name, _ in failures] == ["performers.db"]


def test_checking_leaves_nothing_beside_the_files_even_of_a_database_in_wal_mode(release: Release) -> None:
    with closing(sqlite3.connect(release.directory / "performers.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    release.seal()

    assert not of_state(check_directory(release.directory), "failed")
    assert {path.name for path in release.directory.iterdir()} == SIX_FILES


def test_a_file_without_a_checksum_is_a_warning_and_a_strange_checksum_a_failure(release: Release) -> None:
    del release.manifest["checksums"]["faces.json"]
    release.manifest["checksums"]["performers.json"] = "md5:abc"
    release.write_json("manifest.json", release.manifest)

    findings = check_directory(release.directory)

    assert [file for file, _ in of_state(findings, "warning")] == ["faces.json"]
    assert [file for file, _ in of_state(findings, "failed")] == ["performers.json"]


def test_an_optional_file_that_is_there_must_match_the_manifest(release: Release) -> None:
    path = release.directory / "tattoo_embeddings.json"
    path.write_text("{}")
    release.seal()
    assert not of_state(check_directory(release.directory), "failed")

    path.write_text("{ }")
    assert only_failure(release)[0] == "tattoo_embeddings.json"


def test_all_problems_come_in_one_pass(release: Release) -> None:
    (release.directory / "performers.db").unlink()
    release.truncate("performers.json")
    write_index(release.directory / "face_arcface.voy", np.ones((6, 64), np.float32))
    release.manifest["checksums"] = {}
    release.write_json("manifest.json", release.manifest)

    failed = {file for file, _ in of_state(check_directory(release.directory), "failed")}

    assert failed == {"performers.db", "performers.json", "face_arcface.voy"}


def test_an_empty_folder_no_folder_and_folders_in_place_of_files_do_not_raise(tmp_path: Path) -> None:
    for directory in (tmp_path, tmp_path / "nowhere"):
        assert {file for file, _ in of_state(check_directory(directory), "failed")} == SIX_FILES
    for file in SIX_FILES:
        (tmp_path / file).mkdir()
    assert {file for file, _ in of_state(check_directory(tmp_path), "failed")} == SIX_FILES


@pytest.mark.parametrize("file", sorted(SIX_FILES))
def test_random_damage_never_raises(release: Release, tmp_path: Path, file: str) -> None:
    whole = (release.directory / file).read_bytes()
    random = np.random.default_rng(len(file))
    copy = tmp_path / "copy"
    shutil.copytree(release.directory, copy)
    for _ in range(25):
        damaged = bytearray(whole)
        for position in random.integers(0, len(damaged), 5):
            damaged[position] = int(random.integers(0, 256))
        (copy / file).write_bytes(damaged)
        assert len({finding.file for finding in check_directory(copy)}) == 8
        assert len({finding.file for finding in check_directory(copy, verify_checksums=False)}) == 8
