from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.media.video.conftest import Opener
from tests.media.video.shots import COLOURS, colour, name_of
from tests.support.films import FilmShelf


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_film_that_lies_on_its_side_is_seen_upright(
    opened: Opener, films: FilmShelf, rotation: int
) -> None:
    left_red = np.concatenate([colour("red"), colour("blue")], axis=1)
    path = films.film(f"turned_{rotation}.mp4", [(left_red, 1)], size=(256, 72), rotation=rotation)
    with opened(path) as film:
        pixels = film.picture(0.5, 0.5).pixels
    assert pixels.shape == (72, 256, 3)
    assert pixels.flags["C_CONTIGUOUS"]
    assert (name_of(pixels[:, :128]), name_of(pixels[:, 128:])) == ("red", "blue")


def test_pixels_that_are_not_square_are_stretched(opened: Opener, tmp_path: Path) -> None:
    path = tmp_path / "anamorphic.mp4"
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 120, 96, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(16, 9)
        frame = av.VideoFrame.from_ndarray(np.full((96, 120, 3), COLOURS["green"], np.uint8), "rgb24")
        for number in range(10):
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with opened(path) as film:
        assert film.picture(0.5, 0.5).pixels.shape == (96, 213, 3)
