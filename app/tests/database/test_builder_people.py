"""Who is to be in a database, from folders or from a CSV file."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from stash_sense.database.builder.people import BuildError, made_up_id, people_of_folders
from stash_sense.database.builder.people_csv import people_of_csv
from stash_sense.database.endpoints import Endpoint


def touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def write_csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_folder_is_a_person_and_its_files_at_any_depth_are_the_photos(tmp_path: Path) -> None:
    for name in (
        "Zoë/a.jpg",
        "Zoë/2024/deep/b.png",
        "Zoë/.DS_Store",
        "Ann/1.jpg",
        ".hidden/x.jpg",
        "stray.jpg",
    ):
        touch(tmp_path / name)

    ann, zoe = people_of_folders(tmp_path, Endpoint.STASHDB)

    assert (ann.name, zoe.name) == ("Ann", "Zoë")
    assert [str(photo.relative_to(tmp_path)) for photo in zoe.photos] == ["Zoë/2024/deep/b.png", "Zoë/a.jpg"]


def test_a_made_up_id_depends_on_name_and_stash_box_alone(tmp_path: Path) -> None:
    for parent, form in (("one", "NFC"), ("two", "NFD")):
        touch(tmp_path / parent / unicodedata.normalize(form, "Zoë") / "a.jpg")

    [one] = people_of_folders(tmp_path / "one", Endpoint.STASHDB)
    [two] = people_of_folders(tmp_path / "two", Endpoint.STASHDB)

    assert one.universal_id == two.universal_id
    # Written out: people's libraries refer to it, so it may never change.
    assert made_up_id("obama", Endpoint.STASHDB) == "stashdb.org:aacd381c-4235-5afc-89cc-addb8115e161"
    assert made_up_id("obama", Endpoint.FANSDB).startswith("fansdb.cc:")
    assert made_up_id("obama", Endpoint.FANSDB)[-12:] != made_up_id("obama", Endpoint.STASHDB)[-12:]


def test_a_folder_with_a_name_that_is_not_utf8_is_a_person_too(tmp_path: Path) -> None:
    touch(tmp_path / b"Zo\xeb".decode("utf-8", "surrogateescape") / "a.jpg")

    [person] = people_of_folders(tmp_path, Endpoint.STASHDB)

    assert person.name == "Zo\ufffd"


@pytest.mark.parametrize("present", [True, False])
def test_a_folder_without_folders_is_refused(tmp_path: Path, present: bool) -> None:
    with pytest.raises(BuildError, match="folder"):
        people_of_folders(tmp_path if present else tmp_path / "gone", Endpoint.STASHDB)


def test_the_lines_of_a_csv_file_are_joined_by_universal_id(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path,
        "file,country,person,universal_id,note\r\n"
        'a.jpg,,"Doe, Jane",theporndb.net:77,x\r\n'
        'sub/b.jpg,NL,"Doe, Jane",theporndb.net:77,\r\n'
        "/abs/c.jpg,,Ann,,\r\n",
        "utf-8-sig",
    )

    jane, ann = people_of_csv(path, None, Endpoint.JAVSTASH)

    assert (jane.name, jane.country, jane.endpoint, jane.stashbox_id) == (
        "Doe, Jane",
        "NL",
        Endpoint.THEPORNDB,
        "77",
    )
    assert jane.photos == (tmp_path / "a.jpg", tmp_path / "sub/b.jpg")
    assert ann.photos == (Path("/abs/c.jpg"),)
    assert ann.universal_id == made_up_id("Ann", Endpoint.JAVSTASH)
    assert people_of_csv(path, Path("/photos"), Endpoint.STASHDB)[0].photos[0] == Path("/photos/a.jpg")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "universal_id"),
        ("person,file\n", "universal_id missing"),
        ("person,universal_id,file\n", "no lines"),
        ("person,universal_id,file\nAnn,stashdb.org:1,\n", "line 2: file is empty"),
        ("person,universal_id,file\n,stashdb.org:1,a.jpg\n", "line 2: person is empty"),
        ("person,universal_id,file\nAnn,1234,a.jpg\n", "line 2.*known stash-box"),
        ("person,universal_id,file\nAnn,example.org:1,a.jpg\n", r"line 2.*stashdb\.org:"),
        ("person,universal_id,file\nAnn,stashdb.org:,a.jpg\n", "line 2: nothing stands behind"),
        (
            "person,universal_id,file\nAnn,stashdb.org:1,a\nBob,stashdb.org:1,b\n",
            "line 3.*'Bob' here and 'Ann'",
        ),
        ('person,universal_id,file\n"Ann,stashdb.org:1,a', "not a UTF-8 CSV"),
    ],
)
def test_a_csv_file_that_does_not_fit_is_refused_with_the_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BuildError, match=words):
        people_of_csv(write_csv(tmp_path, text), None, Endpoint.STASHDB)


def test_a_csv_file_of_another_encoding_or_none_at_all_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "person,universal_id,file\nZoë,stashdb.org:1,a.jpg\n", "latin-1")
    with pytest.raises(BuildError, match="UTF-8"):
        people_of_csv(path, None, Endpoint.STASHDB)
    with pytest.raises(BuildError, match="No such file"):
        people_of_csv(tmp_path / "gone.csv", None, Endpoint.STASHDB)
