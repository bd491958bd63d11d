"""Servers that are slow, break off, know no ranges, or would like to see the key elsewhere."""

from __future__ import annotations

import asyncio
import subprocess
import threading
import time
from pathlib import Path

import httpx
import pytest

from stash_sense.media.video.errors import VideoError, VideoSourceError
from stash_sense.media.video.source import open_video
from stash_sense.media.video.stop import CancelledWorkError, Stop, TimeUpError
from tests.media.video.conftest import KEY, Opener, stream_of
from tests.media.video.shots import four_colours, grainy_colours, name_of, shown_at
from tests.support.films import FilmShelf
from tests.support.odd_server import odd_server, sending
from tests.support.stash_server import StashServer, stash_running

SIZE = (160, 90)


@pytest.fixture
def path(films: FilmShelf) -> Path:
    return films.film("keyframes.mp4", four_colours(), size=SIZE, gop=20)


@pytest.fixture
def large(films: FilmShelf) -> Path:
    """Many times larger than what is asked for at once."""
    return films.film("grainy.mp4", grainy_colours(), size=(640, 360), gop=10)


def test_the_key_goes_along_and_nothing_but_ranges_is_asked_for(
    opened: Opener, server: StashServer, large: Path
) -> None:
    with opened(large) as film:
        assert name_of(film.picture(4.0, 1.0).pixels) == "green"
    seen = server.seen("/scene/1/stream")
    assert {request.headers["apikey"] for request in seen} == {KEY}
    assert all("range" in request.headers for request in seen)
    asked = [request.headers["range"].removeprefix("bytes=").split("-") for request in seen]
    assert sum(int(last) - int(first) + 1 for first, last in asked) < large.stat().st_size / 2
    # Connections are kept; on a busy machine the server may have closed one that was idle for long.
    assert len({request.client for request in seen}) < len(seen)


def test_a_redirect_is_refused_and_its_target_sees_nothing(
    opened: Opener, server: StashServer, path: Path
) -> None:
    with stash_running() as elsewhere:
        server.faults.redirect_to = f"{elsewhere.url}/scene/1/stream?apikey=abc"
        with pytest.raises(VideoSourceError) as caught, opened(path):
            pass
        assert elsewhere.requests == []
    assert caught.value.status == 302
    assert "redirects" in str(caught.value)
    assert "abc" not in str(caught.value)
    assert KEY not in str(caught.value)


def test_the_log_in_page_is_recognisable(server: StashServer, path: Path) -> None:
    with pytest.raises(VideoSourceError) as caught, open_video(stream_of(server, path), {}, None, Stop(60)):
        pass
    assert "/login" in caught.value.location


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_an_error_status_is_told(opened: Opener, server: StashServer, path: Path, status: int) -> None:
    server.faults.status = status
    with pytest.raises(VideoSourceError, match=str(status)) as caught, opened(path):
        pass
    assert caught.value.status == status


async def test_a_server_that_repeats_the_key_in_its_refusal_does_not_spread_it() -> None:
    async with odd_server() as server:
        server.answers["/film"] = sending(f"HTTP/1.1 500 no use for {KEY}\r\nContent-Length: 0\r\n\r\n")
        url = httpx.URL(server.url("/film"))

        def look() -> None:
            with open_video(url, {"ApiKey": KEY}, None, Stop(60)):
                pass

        with pytest.raises(VideoSourceError, match=r"answered 500 no use for \*\*\*"):
            await asyncio.to_thread(look)


def test_a_server_that_is_not_there_is_told(server: StashServer, path: Path) -> None:
    url = stream_of(server, path).copy_with(port=1)
    with (
        pytest.raises(VideoSourceError, match="cannot be read") as caught,
        open_video(url, {}, None, Stop(60)),
    ):
        pass
    assert caught.value.status is None


def test_a_connection_that_breaks_now_and_then_costs_nothing(
    opened: Opener, server: StashServer, large: Path
) -> None:
    server.faults.cut_after, server.faults.times = 5000, 2
    with opened(large) as film:
        for seconds in (1.0, 4.5, 7.5, 10.5):
            picture = film.picture(seconds, 0.6)
            assert name_of(picture.pixels) == shown_at(picture.seconds)


def test_a_film_that_the_server_stops_handing_out_fails_by_frame(
    opened: Opener, server: StashServer, large: Path
) -> None:
    with opened(large) as film:
        film.picture(1.0, 0.6)
        server.faults.status = 500
        with pytest.raises(VideoSourceError, match="500"):
            film.picture(10.5, 0.6)
        server.faults.status = None
        assert name_of(film.picture(11.0, 0.6).pixels) == "white"


def test_a_server_without_ranges_is_read_forward(opened: Opener, server: StashServer, path: Path) -> None:
    server.ranges = False
    with opened(path) as film:
        for seconds in (0.6, 4.0, 7.3, 11.5):
            picture = film.picture(seconds, 1.0)
            assert picture.seconds == pytest.approx(seconds, abs=0.2)
            assert name_of(picture.pixels) == shown_at(picture.seconds)
        with pytest.raises(VideoError):
            film.picture(30.0, 1.0)
    assert len(server.seen("/scene/1/stream")) == 1


def test_a_cancelled_wait_for_a_silent_server_ends_at_once(
    opened: Opener, server: StashServer, path: Path
) -> None:
    server.faults.slow_seconds = 30
    stop = Stop(60)
    threading.Timer(0.3, stop.cancel).start()
    started = time.monotonic()
    with pytest.raises(CancelledWorkError), opened(path, stop=stop):
        pass
    # Far from the server's 30 s and from the patience with a silent one.
    assert time.monotonic() - started < 10


def test_the_deadline_ends_the_wait_for_a_silent_server(
    opened: Opener, server: StashServer, path: Path
) -> None:
    server.faults.slow_seconds = 30
    started = time.monotonic()
    with pytest.raises(TimeUpError), opened(path, stop=Stop(0.5)):
        pass
    assert time.monotonic() - started < 10


def test_decoding_on_ends_when_it_is_cancelled(opened: Opener, films: FilmShelf) -> None:
    path = films.film("one_keyframe.mp4", four_colours(), size=SIZE, gop=1000)
    stop = Stop(60)
    with opened(path, stop=stop) as film:
        film.picture(0.6, 0.5)
        stop.cancel()
        with pytest.raises(CancelledWorkError):
            film.picture(11.0, 0.5)


def test_no_process_is_started_for_a_film(
    opened: Opener, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess.Popen, "__init__", refuse)
    with opened(path) as film:
        film.picture(4.0, 1.0)
