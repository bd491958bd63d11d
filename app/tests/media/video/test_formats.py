"""Whatever a film is made of, its pictures come from where they were asked for, and look right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.media.video.conftest import Opener
from tests.media.video.shots import COLOURS, colour, four_colours, name_of, shown_at
from tests.support.films import FilmShelf

SIZE = (160, 90)
TIMES = [0.6, 1.6, 2.4, 3.6, 5.2, 6.6, 8.2, 9.6, 11.4]

KINDS: dict[str, dict[str, Any]] = {
    "h264.mp4": {},
    "h264.mkv": {"sound": True},
    "h264.avi": {"codec": "mpeg4"},
    "h264.ts": {},
    "hevc.mp4": {"codec": "hevc"},
    "hevc.mkv": {"codec": "hevc"},
    "av1.mp4": {"codec": "av1"},
    "vp9.webm": {"codec": "vp9"},
    "mjpeg.mov": {"codec": "mjpeg"},
    "one_keyframe.mp4": {"gop": 1000},
    "one_keyframe.mkv": {"gop": 1000},
    "one_keyframe.ts": {"gop": 1000},
    "variable.mkv": {"variable": True},
    "unfinished.mkv": {"live": True},
    "turned.mp4": {"rotation": 90},
    "upside_down.mp4": {"rotation": 180},
    "hdr.mkv": {"codec": "hevc", "hdr": True},
}


@pytest.mark.parametrize("name", KINDS)
def test_pictures_come_from_where_they_were_asked_for(opened: Opener, films: FilmShelf, name: str) -> None:
    path = films.film(
        f"colours_{name}",
        four_colours(),
        size=SIZE,
        gop=KINDS[name].get("gop", 10),
        **{key: value for key, value in KINDS[name].items() if key != "gop"},
    )
    with opened(path) as film:
        # A container that does not tell leaves an estimate.
        assert film.seconds == pytest.approx(12, abs=2 if "live" in KINDS[name] else 0.3)
        for seconds in TIMES:
            picture = film.picture(seconds, tolerance=0.5)
            assert picture.seconds == pytest.approx(seconds, abs=0.6)
            assert picture.pixels.shape == (SIZE[1], SIZE[0], 3)
            assert picture.pixels.dtype == np.uint8
            assert name_of(picture.pixels) == shown_at(picture.seconds), seconds


def test_keyframes_that_are_near_enough_are_taken_instead(opened: Opener, films: FilmShelf) -> None:
    path = films.film("keyframes.mp4", four_colours(), size=SIZE, gop=20)
    with opened(path) as film:
        assert [film.picture(t, tolerance=1.0).seconds for t in (1.2, 3.1, 5.3, 8.9)] == [2, 4, 6, 8]


def test_no_picture_is_given_twice(opened: Opener, films: FilmShelf) -> None:
    path = films.film("keyframes.mp4", four_colours(), size=SIZE, gop=20)
    with opened(path) as film:
        times = [film.picture(t, tolerance=1.0).seconds for t in (4.0, 4.1, 4.2, 4.3)]
    assert len(set(times)) == 4
    assert times == pytest.approx([4.0, 4.1, 4.2, 4.3], abs=1.0)


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuvj420p", "yuv444p", "yuv420p10le", "yuv422p10le"])
def test_white_is_white_and_black_is_black_whatever_the_range_and_depth(
    opened: Opener, films: FilmShelf, pixel_format: str
) -> None:
    black = np.zeros((72, 128, 3), np.uint8)
    white = np.full_like(black, 255)
    shots = [(black, 1), (white, 1)]
    path = films.film(f"range_{pixel_format}.mkv", shots, size=SIZE, pixel_format=pixel_format)
    with opened(path) as film:
        assert film.picture(0.5, 0.1).pixels.max() <= 3
        assert film.picture(1.5, 0.1).pixels.min() >= 252


def test_of_an_hdr_film_paper_is_as_bright_as_elsewhere(opened: Opener, films: FilmShelf) -> None:
    path = films.film("paper.mkv", [(colour("white"), 1)], size=SIZE, codec="hevc", hdr=True)
    with opened(path) as film:
        assert film.picture(0.5, 0.5).pixels.mean() == pytest.approx(COLOURS["white"][0], abs=35)
