"""Images' fingerprints in a real file: kept, replaced, and there after the power goes."""

from __future__ import annotations

import dataclasses
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from stash_sense.library import image_fingerprints
from stash_sense.library.errors import StoreError
from stash_sense.library.image_fingerprint import ImageFingerprint, RelativeBox, SeenPerformer
from stash_sense.library.store import Store, open_file
from tests.library.old_files import SCHEMAS, rows_of, value_of, write_old_file
from tests.support.sidecar import environment

OBAMA = SeenPerformer("50459d16-787c-47c9-8ce9-a4cac9404324", 0.75, 0.25, RelativeBox(0.1, 0.2, 0.3, 0.4))
BIDEN = SeenPerformer("6a0cbb1c-1b1f-4c1d-a1d5-4a1cb1f0a001", 0.5, 0.5, RelativeBox(0.6, 0.2, 0.25, 0.35))
FINGERPRINT = ImageFingerprint("7", "3", 3, "2026.02.12", (OBAMA, BIDEN))

_WRITE_UNTIL_KILLED = """
import sys
from pathlib import Path
from stash_sense.library.image_fingerprint import ImageFingerprint, RelativeBox, SeenPerformer
from stash_sense.library.image_fingerprints import save
from stash_sense.library.store import open_file
store = open_file(Path(sys.argv[1]))
for number in range(1_000_000):
    seen = tuple(SeenPerformer(f"p{i}", 0.5, 0.5, RelativeBox(0, 0, 1, 1)) for i in range(20))
    with store.writing() as connection:
        save(connection, ImageFingerprint(str(number), None, number, "v", seen))
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stash_sense.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = open_file(path)
    yield opened
    opened.close()


def save(store: Store, fingerprint: ImageFingerprint) -> None:
    with store.writing() as connection:
        image_fingerprints.save(connection, fingerprint)


def find(store: Store, image_id: str) -> ImageFingerprint | None:
    with store.reading() as connection:
        return image_fingerprints.find(connection, image_id)


def test_what_is_saved_is_found_again(path: Path, store: Store) -> None:
    save(store, FINGERPRINT)
    assert find(store, "7") == FINGERPRINT
    assert find(store, "8") is None


def test_the_columns_hold_what_the_contract_says(path: Path, store: Store) -> None:
    save(store, FINGERPRINT)
    rows = rows_of(path)
    (image,) = rows["image_fingerprints"]
    face = rows["image_fingerprint_faces"][0]
    for row in (image, face):
        assert len(row["created_at"]) == len("2026-02-12 10:11:12")
        assert row["created_at"] <= value_of(path, "SELECT datetime('now')")
    del image["created_at"], image["updated_at"], face["created_at"]
    assert image == {
        "id": 1,
        "stash_image_id": "7",
        "gallery_id": "3",
        "faces_detected": 3,
        "db_version": "2026.02.12",
    }
    assert face == {
        "id": 1,
        "stash_image_id": "7",
        "performer_id": OBAMA.performer_id,
        "confidence": 0.75,
        "distance": 0.25,
        "bbox_x": 0.1,
        "bbox_y": 0.2,
        "bbox_w": 0.3,
        "bbox_h": 0.4,
    }


def test_a_picture_in_which_nobody_was_recognised_is_kept_as_analysed_and_empty(store: Store) -> None:
    nobody = ImageFingerprint("9", None, 0, "2026.02.12", ())
    save(store, nobody)
    assert find(store, "9") == nobody


def test_a_picture_analysed_again_has_its_newest_fingerprint_only(path: Path, store: Store) -> None:
    save(store, dataclasses.replace(FINGERPRINT, image_id="6"))
    save(store, FINGERPRINT)
    with store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE image_fingerprints SET created_at = '2020-01-01 00:00:00', updated_at = created_at"
        )
    newer = ImageFingerprint("7", None, 1, "2026.03.01", (dataclasses.replace(BIDEN, distance=0.4),))
    save(store, newer)
    assert find(store, "7") == newer
    assert find(store, "6") == dataclasses.replace(FINGERPRINT, image_id="6")
    _, again = rows_of(path)["image_fingerprints"]
    assert again["created_at"] == "2020-01-01 00:00:00"
    assert again["updated_at"] > again["created_at"]


def test_a_fingerprint_that_cannot_be_saved_whole_leaves_the_earlier_one(store: Store) -> None:
    save(store, FINGERPRINT)
    twice = dataclasses.replace(FINGERPRINT, faces_detected=9, performers=(OBAMA, OBAMA))
    with pytest.raises(StoreError, match="UNIQUE"):
        save(store, twice)
    assert find(store, "7") == FINGERPRINT


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_file_that_an_earlier_sidecar_wrote_takes_new_ones(path: Path, schema: int) -> None:
    write_old_file(path, schema)
    store = open_file(path)
    save(store, FINGERPRINT)
    assert find(store, "7") == FINGERPRINT
    store.close()


def test_a_writer_waits_for_another_program_s_write(path: Path, store: Store) -> None:
    with closing(sqlite3.connect(path, check_same_thread=False, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.7, other.execute, ("COMMIT",))
        timer.start()
        save(store, FINGERPRINT)
        timer.join()
    assert find(store, "7") == FINGERPRINT


def test_a_write_that_never_ends_is_named_and_readers_go_on(path: Path, store: Store) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"SQLITE_BUSY.*stop the other program"):
            save(store, FINGERPRINT)
        assert find(store, "7") is None
        other.execute("ROLLBACK")


def test_a_full_disk_is_named_and_the_earlier_fingerprint_stays(path: Path, store: Store) -> None:
    save(store, FINGERPRINT)
    with store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    crowd = tuple(dataclasses.replace(OBAMA, performer_id=f"p{i}") for i in range(5000))
    with pytest.raises(StoreError, match=r"SQLITE_FULL.*free space"):
        save(store, dataclasses.replace(FINGERPRINT, performers=crowd))
    assert find(store, "7") == FINGERPRINT


def test_many_threads_may_save_at_once(store: Store) -> None:
    threads = [
        threading.Thread(
            target=lambda first=first: [
                save(store, dataclasses.replace(FINGERPRINT, image_id=str(first * 10 + i))) for i in range(10)
            ]
        )
        for first in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(find(store, str(number)) is not None for number in range(40))


@pytest.mark.parametrize("acknowledged", [1, 57])
def test_a_kill_loses_nothing_that_was_answered_as_saved(path: Path, acknowledged: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WRITE_UNTIL_KILLED, str(path)],
        env=environment({}),
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        for _ in range(acknowledged):
            writer.stdout.readline()
        writer.kill()
        last = acknowledged - 1 + len(writer.stdout.read().splitlines())
    store = open_file(path)
    found = [find(store, str(number)) for number in range(last + 1)]
    store.close()
    assert [(one.faces_detected, len(one.performers)) if one else None for one in found] == [
        (number, 20) for number in range(last + 1)
    ]
    assert value_of(path, "PRAGMA integrity_check") == "ok"
