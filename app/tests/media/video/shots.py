"""Films of plain colours: what is seen tells when it was shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.support.films import Shots

COLOURS = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (30, 40, 220), "white": (250, 250, 250)}
SECONDS_EACH = 3


def colour(name: str) -> NDArray[np.uint8]:
    return np.full((72, 128, 3), COLOURS[name], np.uint8)


def four_colours() -> Shots:
    """Red, green, blue, white, three seconds each: 12 seconds."""
    return [(colour(name), SECONDS_EACH) for name in COLOURS]


def grainy_colours() -> Shots:
    """The same with noise, which makes every keyframe as large as in films of the world."""
    random = np.random.default_rng(3)
    return [
        (np.clip(random.normal(value, 25, (360, 640, 3)), 0, 255).astype(np.uint8), SECONDS_EACH)
        for value in COLOURS.values()
    ]


def name_of(pixels: NDArray[np.uint8]) -> str:
    """The colour that most of a picture's middle has; "none of them" when it is far from all."""
    height, width = pixels.shape[:2]
    middle = pixels[height // 3 : -height // 3, width // 3 : -width // 3].reshape(-1, 3)
    seen = np.median(middle, axis=0)
    distances = {name: float(np.abs(seen - value).max()) for name, value in COLOURS.items()}
    nearest = min(distances, key=lambda name: distances[name])
    return nearest if distances[nearest] < 40 else "none of them"


def shown_at(seconds: float) -> str:
    return list(COLOURS)[min(3, int(seconds // SECONDS_EACH))]
