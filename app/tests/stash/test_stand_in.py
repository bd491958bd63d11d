"""The tests' Stash goes wrong in exactly the way that it was told to."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from stash_sense.stash.client import Priority, StashClient, StashRefused, StashUnavailable
from tests.stash.conftest import API_KEY, failure
from tests.support.films import FilmShelf
from tests.support.stash_server import StashFile, StashScene, StashServer

HEADERS = {"ApiKey": API_KEY}


@pytest.fixture
def film(stash: StashServer, tmp_path: Path) -> bytes:
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(range(256)) * 1000)
    stash.scenes["7"] = StashScene("One", [StashFile("11", content=path)])
    return path.read_bytes()


@pytest.fixture
def url(stash: StashServer) -> str:
    return f"{stash.url}/scene/7/stream"


def test_a_film_can_be_served_without_ranges(stash: StashServer, film: bytes, url: str) -> None:
    stash.ranges = False
    answer = httpx.get(url, headers={**HEADERS, "Range": "bytes=5-9"})
    assert (answer.status_code, answer.content) == (200, film)
    assert "accept-ranges" not in answer.headers


def test_a_stream_can_break_half_way(stash: StashServer, film: bytes, url: str) -> None:
    stash.faults.cut_after = 100_000
    got = bytearray()

    def receive() -> None:
        with httpx.stream("GET", url, headers=HEADERS) as answer:
            for piece in answer.iter_bytes():
                got.extend(piece)

    with pytest.raises(httpx.RemoteProtocolError):
        receive()
    assert got == film[:100_000]


def test_the_key_may_come_in_the_address_as_with_stash(stash: StashServer, film: bytes, url: str) -> None:
    assert httpx.get(f"{url}?apikey={API_KEY}").content == film
    assert stash.requests[-1].query == f"apikey={API_KEY}"
    refused = httpx.get(f"{url}?apikey=wrong")
    assert (refused.status_code, refused.headers["location"]) == (302, "/login?returnURL=/scene/7/stream")


async def test_a_fault_can_hold_for_one_operation_and_begin_later(
    stash: StashServer, client: StashClient
) -> None:
    stash.scenes["7"] = StashScene("One")
    stash.faults.graphql_error, stash.faults.operations, stash.faults.skip = "locked", {"FindScene"}, 1
    assert (await client.scenes.get("7")).title == "One"
    assert await client.version() == "v0.28.1"
    assert "locked" in await failure(client.scenes.get("7"), StashRefused)
    stash.faults = type(stash.faults)(path="/scene/", status=500)
    assert (await client.scenes.get("7")).title == "One"


async def test_an_answer_that_breaks_off_is_no_answer(stash: StashServer, client: StashClient) -> None:
    stash.faults.cut_after = 10
    await failure(client.scenes.page(1, 10, Priority.BULK), StashUnavailable)


def graphql(stash: StashServer, document: str, **variables: object) -> dict[str, Any]:
    body = {"query": document, "variables": variables}
    answer = httpx.post(f"{stash.url}/graphql", json=body, headers=HEADERS).json()
    assert "errors" not in answer, answer["errors"]
    data: dict[str, Any] = answer["data"]
    return data


def test_a_plugin_s_settings_are_overwritten_as_a_whole(stash: StashServer) -> None:
    stash.plugins["other"] = {"a": 1}
    change = "mutation M($id: ID!, $input: Map!) { configurePlugin(plugin_id: $id, input: $input) }"
    graphql(stash, change, id="sense", input={"sidecarUrl": "http://a", "old": True})
    graphql(stash, change, id="sense", input={"sidecarUrl": "http://b"})
    read = "query Q($only: [ID!]) { configuration { plugins(include: $only) } }"
    assert graphql(stash, read, only=["sense"])["configuration"]["plugins"] == {
        "sense": {"sidecarUrl": "http://b"}
    }
    assert graphql(stash, read)["configuration"]["plugins"].keys() == {"other", "sense"}


def test_a_file_that_is_not_primary_can_be_given_to_another_scene(stash: StashServer) -> None:
    stash.scenes["7"] = StashScene("One", [StashFile("11"), StashFile("12")])
    stash.scenes["8"] = StashScene("Two", [StashFile("13")])
    change = "mutation M($input: AssignSceneFileInput!) { sceneAssignFile(input: $input) }"
    graphql(stash, change, input={"scene_id": "8", "file_id": "12"})
    assert [[file.id for file in stash.scenes[scene].files] for scene in ("7", "8")] == [["11"], ["13", "12"]]


def test_a_film_is_described_as_stash_s_scan_would(films: FilmShelf) -> None:
    film = films.film("five_seconds.mp4", [(None, 5)], codec="hevc", sound=True)
    file = StashFile.of("11", film)
    assert (file.width, file.height, file.video_codec, file.audio_codec) == (640, 360, "hevc", "aac")
    assert file.duration == pytest.approx(5, abs=0.1)
    assert file.size == film.stat().st_size
