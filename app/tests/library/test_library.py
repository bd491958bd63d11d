"""The library as the service uses it: never in the way, and open again once it can be."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from stash_sense.library.image_fingerprint import ImageFingerprint
from stash_sense.library.library import Library
from tests.library.old_files import rows_of, value_of

FINGERPRINT = ImageFingerprint("7", None, 0, "2026.02.12", ())


def test_starting_makes_the_file_and_stopping_leaves_nothing_beside_it(tmp_path: Path) -> None:
    async def live() -> None:
        library = Library(tmp_path)
        library.start()
        assert await library.save_image(FINGERPRINT) is None
        await library.stop()

    asyncio.run(live())
    assert [file.name for file in tmp_path.iterdir()] == ["stash_sense.db"]
    assert value_of(tmp_path / "stash_sense.db", "SELECT stash_image_id FROM image_fingerprints") == "7"


async def test_a_file_that_cannot_be_used_is_logged_once_and_told_each_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "stash_sense.db"
    path.write_bytes(b"damaged" * 1000)
    library = Library(tmp_path)
    with caplog.at_level(logging.INFO):
        library.start()
        answers = {await library.save_image(FINGERPRINT) for _ in range(3)}
        await library.stop()
    (answer,) = answers
    assert answer is not None
    assert f"{path}: file is not a database" in answer
    assert [record.getMessage() for record in caplog.records] == [
        f"nothing is remembered, identification goes on: {answer}"
    ]
    assert path.read_bytes() == b"damaged" * 1000


async def test_a_folder_that_comes_later_is_taken_up(tmp_path: Path) -> None:
    library = Library(tmp_path / "data", retry_seconds=0.0)
    library.start()
    refused = await library.save_image(FINGERPRINT)
    assert refused is not None
    assert "does not exist" in refused
    (tmp_path / "data").mkdir()
    assert await library.save_image(FINGERPRINT) is None
    await library.stop()
    assert len(rows_of(tmp_path / "data/stash_sense.db")["image_fingerprints"]) == 1


async def test_a_failure_to_open_is_not_repeated_with_every_picture(tmp_path: Path) -> None:
    library = Library(tmp_path / "data")
    library.start()
    assert await library.save_image(FINGERPRINT) is not None
    (tmp_path / "data").mkdir()
    assert await library.save_image(FINGERPRINT) is not None
    await library.stop()
    assert not list((tmp_path / "data").iterdir())


async def test_pictures_that_come_at_once_are_all_kept(tmp_path: Path) -> None:
    library = Library(tmp_path)
    many = [ImageFingerprint(str(number), None, number, None, ()) for number in range(30)]
    assert set(await asyncio.gather(*(library.save_image(one) for one in many))) == {None}
    await library.stop()
    assert len(rows_of(tmp_path / "stash_sense.db")["image_fingerprints"]) == 30
