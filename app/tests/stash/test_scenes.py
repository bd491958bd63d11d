"""Scenes of a real (small) Stash: read, page by page, streamed, and changed."""

from pathlib import Path

import httpx
import pytest

from stash_sense.media.fetch import FetchTooLargeError
from stash_sense.stash.client import (
    Priority,
    StashClient,
    StashNotConfigured,
    StashNotFound,
    StashRefused,
    StashUnavailable,
)
from stash_sense.stash.paging import all_items
from tests.stash.conftest import API_KEY, client_for, failure
from tests.support.stash_server import StashFile, StashPerformer, StashScene, StashServer

BULK = Priority.BULK
ACTION = Priority.USER_ACTION
BOX = "https://box.example/graphql"


def two_files() -> StashScene:
    return StashScene("Twice", [StashFile("11", "/films/a.mp4"), StashFile("12", "/films/b.mp4")])


async def test_a_scene_is_found_with_everything_that_is_known_of_it(
    stash: StashServer, client: StashClient
) -> None:
    stash.studios["4"] = "Föhn Films"
    stash.performers["3"] = StashPerformer("Anna", stash_ids=[(BOX, "uuid-3")])
    file = StashFile("11", "/films/a.mp4", 5_000_000_000, 61.5, "hevc", "aac", 1920, 1080, 23.976, 4_000_000)
    stash.scenes["7"] = StashScene("One", [file], "2024-02-29", "4", ["3"], [(BOX, "uuid-7")])
    scene = await client.scenes.get("7")
    assert (scene.id, scene.title, scene.date) == ("7", "One", "2024-02-29")
    assert scene.studio is not None
    assert (scene.studio.id, scene.studio.name) == ("4", "Föhn Films")
    assert [(known.endpoint, known.stash_id) for known in scene.stash_ids] == [(BOX, "uuid-7")]
    (performer,) = scene.performers
    assert (performer.id, performer.name, performer.stash_ids[0].stash_id) == ("3", "Anna", "uuid-3")
    (known,) = scene.files
    assert (known.id, known.path, known.basename) == ("11", "/films/a.mp4", "a.mp4")
    # Beyond 32 bits, which GraphQL's own Int has.
    assert known.size == 5_000_000_000
    assert (known.width, known.height, known.duration) == (1920, 1080, 61.5)
    assert (known.video_codec, known.audio_codec) == ("hevc", "aac")
    assert (known.frame_rate, known.bit_rate) == (23.976, 4_000_000)


async def test_a_scene_of_which_nothing_is_known_is_found_too(
    stash: StashServer, client: StashClient
) -> None:
    stash.scenes["7"] = StashScene()
    scene = await client.scenes.get("7")
    assert (scene.title, scene.date, scene.studio, scene.files) == (None, None, None, ())


@pytest.mark.parametrize("scene_id", ["999", "", "7 ", "../7"])
async def test_a_scene_that_there_is_not_is_not_found(client: StashClient, scene_id: str) -> None:
    assert "no scene with the id" in await failure(client.scenes.get(scene_id), StashNotFound)


async def test_pages_come_in_the_order_of_ids_with_the_total(stash: StashServer, client: StashClient) -> None:
    for number in (10, 9, 2, 30, 1):
        stash.scenes[str(number)] = StashScene()
    pages = [await client.scenes.page(page, 2, BULK) for page in (1, 2, 3, 4)]
    assert [[scene.id for scene in page.items] for page in pages] == [["1", "2"], ["9", "10"], ["30"], []]
    assert {page.total for page in pages} == {5}
    every = all_items(lambda page, size: client.scenes.page(page, size, BULK), per_page=2)
    assert [scene.id async for scene in every] == ["1", "2", "9", "10", "30"]


async def test_only_what_changed_since_a_time_is_asked_for(stash: StashServer, client: StashClient) -> None:
    stash.scenes["1"] = StashScene(updated_at="2025-03-01T12:00:00+01:00")
    stash.scenes["2"] = StashScene(updated_at="2025-03-01T11:30:00Z")
    page = await client.scenes.page(1, 10, BULK, updated_since="2025-03-01T11:00:00Z")
    assert [scene.id for scene in page.items] == ["2"]


async def test_by_ids_gives_those_that_there_are(stash: StashServer, client: StashClient) -> None:
    for number in range(1, 150):
        stash.scenes[str(number)] = StashScene()
    wanted = [str(number) for number in range(40, 145)]
    assert {scene.id for scene in await client.scenes.by_ids(wanted, BULK)} == set(wanted)
    assert len(stash.asked("FindScenesByIds")) == 2
    assert [scene.id for scene in await client.scenes.by_ids(["3", "777", "5"], BULK)] == ["3", "5"]
    assert await client.scenes.by_ids([], BULK) == []


async def test_by_ids_reports_a_stash_that_fails(stash: StashServer, client: StashClient) -> None:
    stash.faults.status = 500
    await failure(client.scenes.by_ids(["3", "5"], BULK), StashUnavailable)


class TestMedia:
    async def test_a_film_is_read_in_ranges_with_the_key(
        self, stash: StashServer, client: StashClient, tmp_path: Path
    ) -> None:
        film = tmp_path / "film.mp4"
        film.write_bytes(bytes(range(256)) * 100)
        stash.scenes["7"] = StashScene("One", [StashFile("11", content=film)])
        url = client.scenes.stream_url("7")
        assert client.origin is not None
        headers = client.origin.headers_for(url)
        assert API_KEY not in str(url)
        async with httpx.AsyncClient() as http:
            part = await http.get(url, headers={**headers, "Range": "bytes=300-303"})
            refused = await http.get(url, headers={"Range": "bytes=300-303"})
        assert (part.status_code, part.content) == (206, bytes([44, 45, 46, 47]))
        assert refused.status_code == 302

    async def test_the_cover_is_downloaded_with_the_key(
        self, stash: StashServer, client: StashClient
    ) -> None:
        stash.external_host = "https://elsewhere.example/stash"
        stash.scenes["7"] = StashScene(cover=b"jpeg")
        scene = await client.scenes.get("7")
        assert await client.scenes.download_cover(scene, 100) == b"jpeg"
        with pytest.raises(FetchTooLargeError):
            await client.scenes.download_cover(scene, 3)

    async def test_a_scene_that_is_gone_has_no_cover(self, stash: StashServer, client: StashClient) -> None:
        stash.scenes["7"] = StashScene(cover=b"jpeg")
        scene = await client.scenes.get("7")
        del stash.scenes["7"]
        assert await client.scenes.download_cover(scene, 100) is None


class TestFiles:
    async def test_another_becomes_the_primary_one_and_the_first_is_deleted(
        self, stash: StashServer, client: StashClient
    ) -> None:
        stash.scenes["7"] = two_files()
        await client.scenes.set_primary_file("7", "12", ACTION)
        await client.scenes.delete_files(["11"], ACTION)
        assert [file.id for file in (await client.scenes.get("7")).files] == ["12"]

    async def test_what_stash_refuses_is_passed_on(self, stash: StashServer, client: StashClient) -> None:
        stash.scenes["7"] = two_files()
        primary = await failure(client.scenes.delete_files(["12", "11"], ACTION), StashRefused)
        assert "cannot delete primary file /films/a.mp4" in primary
        other = await failure(client.scenes.set_primary_file("7", "99", ACTION), StashRefused)
        assert "99 not associated" in other
        assert len(stash.scenes["7"].files) == 2

    async def test_a_deletion_is_never_sent_twice_and_a_repeatable_change_is(
        self, stash: StashServer, client: StashClient
    ) -> None:
        stash.scenes["7"] = two_files()
        stash.faults.drop_connection, stash.faults.times = True, 1
        await failure(client.scenes.delete_files(["12"], ACTION), StashUnavailable)
        assert len(stash.asked("DeleteFiles")) == 1
        stash.faults.times = 1
        await client.scenes.set_primary_file("7", "12", ACTION)
        assert len(stash.asked("SceneUpdate")) == 2


async def test_without_an_address_every_call_says_so() -> None:
    client = client_for(None, None)
    for call in (
        client.scenes.get("7"),
        client.scenes.page(1, 10, BULK),
        client.scenes.by_ids(["7"], BULK),
        client.scenes.delete_files(["7"], ACTION),
        client.galleries.images("7"),
        client.performers.get("7"),
        client.configuration.stash_boxes(),
    ):
        assert "STASH_URL is not set" in await failure(call, StashNotConfigured)
    with pytest.raises(StashNotConfigured):
        client.scenes.stream_url("7")
    await client.aclose()
