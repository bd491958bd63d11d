"""What can be had of a film is had; the rest is said in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from stash_sense.media.video.errors import VideoError
from stash_sense.media.video.film import Film
from tests.media.video.conftest import Opener
from tests.media.video.shots import colour, four_colours, grainy_colours, name_of, shown_at
from tests.support.films import FilmShelf, cut, make_film, spoil
from tests.support.stash_server import StashServer

SIZE = (160, 90)


def seen(film: Film, times: list[float]) -> tuple[list[float], list[str]]:
    """The times of which there is a picture, each of the right colour, and what is said of the others."""
    good, said = [], []
    for seconds in times:
        try:
            picture = film.picture(seconds, tolerance=0.5)
        except VideoError as error:
            said.append(str(error))
            continue
        assert picture.seconds == pytest.approx(seconds, abs=0.7)
        assert name_of(picture.pixels) == shown_at(picture.seconds)
        good.append(seconds)
    return good, said


TIMES = [i + 0.6 for i in range(12)]


@pytest.mark.parametrize("kind", ["mp4", "mkv", "ts"])
def test_a_film_that_breaks_off_gives_its_first_part(opened: Opener, tmp_path: Path, kind: str) -> None:
    path = cut(make_film(tmp_path / f"cut.{kind}", grainy_colours(), size=(640, 360), gop=10), 0.55)
    with opened(path) as film:
        good, said = seen(film, TIMES)
    assert good == TIMES[: len(good)]
    assert 4 <= len(good) <= 9
    assert len(said) == 12 - len(good)
    assert all("ends" in line or "no picture" in line for line in said)


@pytest.mark.parametrize("kind", ["mp4", "mkv"])
def test_a_film_that_is_damaged_in_the_middle_gives_the_rest(
    opened: Opener, tmp_path: Path, kind: str
) -> None:
    path = make_film(tmp_path / f"damaged.{kind}", grainy_colours(), size=(640, 360), gop=10)
    with opened(spoil(path, 0.45, 0.6)) as film:
        good, said = seen(film, TIMES)
    assert {0.6, 1.6, 10.6, 11.6} <= set(good)
    assert len(said) in (1, 2, 3)


def test_a_film_without_pictures_says_so(opened: Opener, films: FilmShelf) -> None:
    path = films.film("hum.m4a", [(None, 2)], codec=None)
    with pytest.raises(VideoError, match="only sound"), opened(path):
        pass


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"this is not a film at all, though it has some length", "cannot be read"),
        (
            b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
            "other files|cannot be read",
        ),
        (b"ffconcat version 1.0\nfile /etc/hostname\n", "other files|cannot be read"),
    ],
)
def test_what_is_no_film_is_said_in_one_line(
    opened: Opener, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    with pytest.raises(VideoError, match=said) as caught, opened(path):
        pass
    assert "\n" not in str(caught.value)


def test_a_playlist_never_makes_it_fetch_from_elsewhere(
    opened: Opener, tmp_path: Path, server: StashServer
) -> None:
    path = tmp_path / "list.mp4"
    other = f"{server.url}/scene/1/stream?elsewhere"
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{other}\n#EXT-X-ENDLIST\n")
    with pytest.raises(VideoError), opened(path):
        pass
    assert all("elsewhere" not in request.query for request in server.requests)


def test_a_film_of_one_frame_gives_it(opened: Opener, films: FilmShelf) -> None:
    path = films.film("one_frame.mp4", [(colour("red"), 0.1)], size=SIZE)
    with opened(path) as film:
        assert name_of(film.picture(0.05, 0.5).pixels) == "red"


def test_a_duration_that_others_know_counts_when_the_film_is_silent(opened: Opener, films: FilmShelf) -> None:
    path = films.film("unfinished.mkv", four_colours(), size=SIZE, gop=10, live=True)
    with opened(path, seconds=12.0) as film:
        assert film.seconds == 12.0
    finished = films.film("keyframes.mp4", four_colours(), size=SIZE, gop=20)
    with opened(finished, seconds=99.0) as film:
        assert film.seconds == pytest.approx(12, abs=0.1)
