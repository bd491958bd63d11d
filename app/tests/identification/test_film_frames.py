"""Frames spread over a film, with whatever is in the way of some of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from stash_sense.identification.film_frames import FilmSource, film_frames
from stash_sense.identification.scene_knobs import SceneKnobs
from stash_sense.identification.stopwatch import Stopwatch
from stash_sense.identification.troubles import Troubles
from stash_sense.media.video.errors import VideoSourceError
from stash_sense.media.video.stop import CancelledWorkError, Stop
from tests.identification.conftest import KEY
from tests.media.video.shots import grainy_colours, name_of
from tests.support.films import FilmShelf
from tests.support.stash_server import StashFile, StashScene, StashServer

KNOBS = SceneKnobs(num_frames=12, start_offset_pct=0.0, end_offset_pct=1.0)


@pytest.fixture
def source(stash: StashServer, films: FilmShelf) -> FilmSource:
    film = films.film("grainy.mp4", grainy_colours(), size=(640, 360), gop=10)
    stash.scenes["1"] = StashScene(files=[StashFile("11", content=film)])
    return FilmSource(httpx.URL(f"{stash.url}/scene/1/stream"), {"ApiKey": KEY}, None)


def frames(source: FilmSource, stop: Stop, troubles: Troubles) -> Iterator[np.ndarray]:
    return film_frames(source, KNOBS, stop, troubles, Stopwatch())


def test_frames_come_from_all_of_the_film_in_order(source: FilmSource) -> None:
    troubles = Troubles()
    names = [name_of(pixels) for pixels in frames(source, Stop(60), troubles)]
    assert list(dict.fromkeys(names)) == ["red", "green", "blue", "white"]
    assert len(names) == 12
    assert troubles.lines() == []


def test_when_the_time_is_up_the_frames_until_then_are_what_there_is(
    source: FilmSource, stash: StashServer
) -> None:
    # The first answers come at once, all others later than anybody waits.
    stash.faults.skip, stash.faults.slow_seconds = 4, 60
    troubles = Troubles()
    seen = list(frames(source, Stop(3), troubles))
    assert 1 <= len(seen) < 12
    (line,) = troubles.lines()
    assert line == f"the time was up: {12 - len(seen)} of 12 frames were not looked at"


def test_a_film_that_cannot_be_opened_in_time_is_said(source: FilmSource, stash: StashServer) -> None:
    stash.faults.slow_seconds = 60
    troubles = Troubles()
    assert list(frames(source, Stop(0.5), troubles)) == []
    assert troubles.lines() == ["the time was up before the film could be opened"]


def test_a_server_that_fails_again_and_again_is_given_up(source: FilmSource, stash: StashServer) -> None:
    stash.faults.skip, stash.faults.status = 4, 500
    troubles = Troubles()
    seen = list(frames(source, Stop(60), troubles))
    assert 1 <= len(seen) < 9
    lines = troubles.lines()
    assert lines[-1] == f"given up: {12 - len(seen) - 3} more frames were not tried"
    assert "3 frames" in lines[0]
    assert "500" in lines[0]


def test_a_lost_film_is_said_and_any_other_refusal_is_an_error(
    source: FilmSource, stash: StashServer, tmp_path: Path
) -> None:
    stash.faults.status = 503
    with pytest.raises(VideoSourceError, match="503"):
        list(frames(source, Stop(60), Troubles()))
    stash.faults.status = None
    stash.scenes["1"].files[0].content = tmp_path / "not there"
    troubles = Troubles()
    assert list(frames(source, Stop(60), troubles)) == []
    assert ["404" in line for line in troubles.lines()] == [True]


def test_a_cancelled_extraction_ends_with_that_and_not_with_a_part(source: FilmSource) -> None:
    stop = Stop(60)
    left = frames(source, stop, Troubles())
    next(left)
    stop.cancel()
    with pytest.raises(CancelledWorkError):
        next(left)
