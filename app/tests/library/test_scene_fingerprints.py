"""Scenes' fingerprints in a real file: kept, replaced, and told apart by how they ended."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

from sqlalchemy import Connection, func, select

from stash_sense.library import image_fingerprints, scene_fingerprints
from stash_sense.library.image_fingerprint import ImageFingerprint, RelativeBox, SeenPerformer
from stash_sense.library.library import Library
from stash_sense.library.scene_fingerprint import FingerprintPerformer, SceneFingerprint
from stash_sense.library.scene_fingerprints import Counts
from stash_sense.library.schema import scene_fingerprint_faces as faces
from stash_sense.library.schema import scene_fingerprints as scenes
from tests.library.conftest import NewLibrary
from tests.library.old_files import rows_of, write_old_file

OBAMA = FingerprintPerformer("50459d16-787c-47c9-8ce9-a4cac9404324", 9, 0.75, 0.9)
BIDEN = FingerprintPerformer("6a0cbb1c-1b1f-4c1d-a1d5-4a1cb1f0a001", 1, 0.5, 0.1)
FINGERPRINT = SceneFingerprint("301", 12, 61, "2026.02.12", (OBAMA, BIDEN))


async def found(library: Library, scene_id: str) -> SceneFingerprint | None:
    return await library.reading(lambda connection: scene_fingerprints.find(connection, scene_id))


async def test_a_scene_s_fingerprint_is_found_as_it_was_saved(new_library: NewLibrary) -> None:
    library = new_library()
    assert await library.save_scene(FINGERPRINT) is None
    assert await found(library, "301") == FINGERPRINT
    assert await found(library, "302") is None
    await library.stop()


async def test_a_scene_analysed_again_has_its_newest_fingerprint_only(new_library: NewLibrary) -> None:
    library = new_library()
    await library.save_scene(FINGERPRINT)
    nobody = SceneFingerprint("301", 0, 30, "2026.03.01", ())
    await library.save_scene(nobody)
    assert await found(library, "301") == nobody

    def kept(connection: Connection) -> list[int]:
        rows = (connection.scalar(select(func.count()).select_from(table)) for table in (scenes, faces))
        return [count or 0 for count in rows]

    assert await library.reading(kept) == [1, 0]
    await library.stop()


async def test_sidecars_that_save_the_same_scene_at_once_keep_one_of_them_whole(
    new_library: NewLibrary,
) -> None:
    libraries = [new_library() for _ in range(3)]
    many = [dataclasses.replace(FINGERPRINT, total_faces=number) for number in range(12)]
    saved = (libraries[number % 3].save_scene(one) for number, one in enumerate(many))
    assert set(await asyncio.gather(*saved)) == {None}
    assert await found(libraries[0], "301") in many
    for library in libraries:
        await library.stop()


async def test_an_image_s_fingerprint_is_found_as_it_was_saved(new_library: NewLibrary) -> None:
    library = new_library()
    seen = (SeenPerformer(OBAMA.performer_id, 0.75, 0.25, RelativeBox(0.1, 0.2, 0.3, 0.4)),)
    for image in (ImageFingerprint("7", "3", 2, None, seen), ImageFingerprint("7", None, 1, "v", seen)):
        assert await library.save_image(image) is None
        assert await library.reading(lambda connection: image_fingerprints.find(connection, "7")) == image
    await library.stop()


async def test_fingerprints_are_counted_by_how_they_ended_and_by_database(new_library: NewLibrary) -> None:
    library = new_library()
    for number, (version, status) in enumerate(
        [("new", "complete"), ("new", "complete"), ("old", "complete"), (None, "complete"), ("new", "error")]
    ):
        one = SceneFingerprint(str(number), 0, 60, version, (), status)  # type: ignore[arg-type]
        await library.save_scene(one)
    await library.writing(lambda connection: scene_fingerprints.mark_pending(connection, ["3"]))
    counted = [
        await library.reading(lambda connection, v=v: scene_fingerprints.counts(connection, v))
        for v in ("new", None)
    ]
    assert counted == [
        Counts(total=5, complete=3, pending=1, error=1, current=2, outdated=1),
        Counts(total=5, complete=3, pending=1, error=1, current=0, outdated=0),
    ]
    await library.stop()


async def test_a_fingerprint_that_an_earlier_sidecar_made_is_found_and_replaced(tmp_path: Path) -> None:
    write_old_file(tmp_path / "stash_sense.db", 2)
    library = Library(tmp_path)
    old = await found(library, "301")
    assert old == SceneFingerprint(
        "301", 12, 60, None, (FingerprintPerformer(OBAMA.performer_id, 12, 0.71, 1.0),)
    )
    error = await found(library, "302")
    assert error is not None
    assert error.status == "error"
    await library.save_scene(dataclasses.replace(FINGERPRINT, scene_id="301"))
    assert await found(library, "301") == FINGERPRINT
    await library.stop()
    assert len(rows_of(tmp_path / "stash_sense.db")["scene_fingerprints"]) == 2


async def test_a_fingerprint_that_cannot_be_saved_says_why(tmp_path: Path) -> None:
    library = Library(tmp_path / "absent")
    reason = await library.save_scene(FINGERPRINT)
    assert reason is not None
    assert "does not exist" in reason
