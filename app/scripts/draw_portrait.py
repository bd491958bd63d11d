"""Draw the golden query's portrait: ``python scripts/draw_portrait.py OUT.png``.

A drawing instead of a photo, so that it may be shipped with the sidecar. After a change of it the landmarks
in ``stash_sense/recognition/golden`` have to be read off the detector again.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 256
# Drawn larger and scaled down, for smooth edges.
CANVAS = SIDE * 4

Colour = tuple[int, int, int]
BACKGROUND: Colour = (96, 112, 128)
JACKET: Colour = (50, 60, 90)
SKIN: Colour = (224, 178, 150)
SKIN_SHADE: Colour = (212, 164, 136)
NECK: Colour = (196, 150, 122)
EAR: Colour = (205, 158, 130)
LID: Colour = (190, 140, 115)
HAIR: Colour = (52, 36, 28)
BROW: Colour = (48, 32, 24)
WHITE: Colour = (245, 243, 240)
IRIS: Colour = (70, 48, 36)
PUPIL: Colour = (10, 10, 10)
NOSTRIL: Colour = (120, 78, 62)
LIPS: Colour = (176, 92, 88)
MOUTH: Colour = (110, 50, 50)


class Pencil:
    """Draws in coordinates from 0 to 1."""

    def __init__(self, picture: Image.Image) -> None:
        self._draw = ImageDraw.Draw(picture)

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        corners = [(value * CANVAS) for value in (x - rx, y - ry, x + rx, y + ry)]
        self._draw.ellipse(corners, fill=colour)

    def box(self, x1: float, y1: float, x2: float, y2: float, colour: Colour) -> None:
        self._draw.rectangle([value * CANVAS for value in (x1, y1, x2, y2)], fill=colour)

    def polygon(self, points: list[tuple[float, float]], colour: Colour) -> None:
        self._draw.polygon([(x * CANVAS, y * CANVAS) for x, y in points], fill=colour)

    def brow(self, x: float) -> None:
        corners = [value * CANVAS for value in (x - 0.065, 0.385, x + 0.065, 0.455)]
        self._draw.arc(corners, 200, 340, fill=BROW, width=int(0.014 * CANVAS))

    def line(self, x1: float, x2: float, y: float, width: float, colour: Colour) -> None:
        ends = [value * CANVAS for value in (x1, y, x2, y)]
        self._draw.line(ends, fill=colour, width=int(width * CANVAS))


def draw() -> Image.Image:
    """The portrait, 256x256 RGB."""
    picture = Image.new("RGB", (CANVAS, CANVAS), BACKGROUND)
    pencil = Pencil(picture)
    _head(pencil)
    for x in (0.405, 0.595):
        _eye(pencil, x)
    _nose_and_mouth(pencil)
    soft = picture.filter(ImageFilter.GaussianBlur(CANVAS * 0.006)).resize(
        (SIDE, SIDE), Image.Resampling.LANCZOS
    )
    return _lit(soft)


def _head(pencil: Pencil) -> None:
    pencil.ellipse(0.5, 0.98, 0.36, 0.2, JACKET)
    pencil.box(0.42, 0.7, 0.58, 0.9, NECK)
    pencil.ellipse(0.5, 0.40, 0.25, 0.31, HAIR)
    pencil.ellipse(0.26, 0.5, 0.035, 0.07, EAR)
    pencil.ellipse(0.74, 0.5, 0.035, 0.07, EAR)
    pencil.ellipse(0.5, 0.5, 0.225, 0.30, SKIN)
    pencil.ellipse(0.5, 0.2, 0.21, 0.09, HAIR)


def _eye(pencil: Pencil, x: float) -> None:
    pencil.ellipse(x, 0.452, 0.058, 0.032, LID)
    pencil.ellipse(x, 0.455, 0.045, 0.022, WHITE)
    pencil.ellipse(x, 0.455, 0.021, 0.021, IRIS)
    pencil.ellipse(x, 0.455, 0.010, 0.010, PUPIL)
    pencil.ellipse(x + 0.006, 0.449, 0.004, 0.004, (255, 255, 255))
    pencil.brow(x)


def _nose_and_mouth(pencil: Pencil) -> None:
    pencil.polygon([(0.487, 0.46), (0.513, 0.46), (0.548, 0.59), (0.452, 0.59)], SKIN_SHADE)
    pencil.ellipse(0.5, 0.585, 0.045, 0.026, SKIN_SHADE)
    pencil.ellipse(0.478, 0.598, 0.011, 0.007, NOSTRIL)
    pencil.ellipse(0.522, 0.598, 0.011, 0.007, NOSTRIL)
    pencil.ellipse(0.5, 0.685, 0.078, 0.024, LIPS)
    pencil.line(0.425, 0.575, 0.684, 0.006, MOUTH)
    pencil.ellipse(0.5, 0.735, 0.05, 0.012, SKIN_SHADE)


def _lit(picture: Image.Image) -> Image.Image:
    """Light from the upper left."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    light = 1.08 - 0.5 * ((x - 0.42) ** 2 + (y - 0.42) ** 2)
    shaded = np.asarray(picture).astype(np.float32) * light[..., None]
    return Image.fromarray(np.clip(shaded, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    draw().save(Path(sys.argv[1]))
