"""Scenes' fingerprints in a real file: kept, replaced, and told apart by how they ended."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from stash_sense.library import scene_fingerprints
from stash_sense.library.library import Library
from stash_sense.library.scene_fingerprint import FingerprintPerformer, SceneFingerprint
from tests.library.old_files import rows_of, write_old_file

OBAMA = FingerprintPerformer("50459d16-787c-47c9-8ce9-a4cac9404324", 9, 0.75, 0.9)
BIDEN = FingerprintPerformer("6a0cbb1c-1b1f-4c1d-a1d5-4a1cb1f0a001", 1, 0.5, 0.1)
FINGERPRINT = SceneFingerprint("301", 12, 61, "2026.02.12", (OBAMA, BIDEN))


async def found(library: Library, scene_id: str) -> SceneFingerprint | None:
    return await library.reading(lambda connection: scene_fingerprints.find(connection, scene_id))


async def test_a_scene_s_fingerprint_is_found_as_it_was_saved(tmp_path: Path) -> None:
    library = Library(tmp_path)
    assert await library.save_scene(FINGERPRINT) is None
    assert await found(library, "301") == FINGERPRINT
    assert await found(library, "302") is None
    await library.stop()


async def test_a_scene_analysed_again_has_its_newest_fingerprint_only(tmp_path: Path) -> None:
    library = Library(tmp_path)
    await library.save_scene(FINGERPRINT)
    nobody = SceneFingerprint("301", 0, 30, "2026.03.01", ())
    await library.save_scene(nobody)
    assert await found(library, "301") == nobody
    await library.stop()
    rows = rows_of(tmp_path / "stash_sense.db")
    assert [row["id"] for row in rows["scene_fingerprints"]] == [1]
    assert rows["scene_fingerprint_faces"] == []


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
