"""Draw the icon that unRAID's Docker page shows: ``python scripts/draw_icon.py OUT.png``.

A head within the corners of a viewfinder, on a plate with transparent surroundings.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw

SIDE = 256
# Drawn larger and scaled down, for smooth edges.
CANVAS = SIDE * 4

Colour = tuple[int, int, int, int]
NOTHING: Colour = (30, 41, 59, 0)
PLATE: Colour = (30, 41, 59, 255)
PERSON: Colour = (226, 232, 240, 255)
CORNER: Colour = (56, 189, 248, 255)


def _scaled(*values: float) -> list[float]:
    """Coordinates from 0 to 1 in those of the canvas."""
    return [value * CANVAS for value in values]


def draw() -> Image.Image:
    """The icon, 256x256 RGBA."""
    picture = Image.new("RGBA", (CANVAS, CANVAS), NOTHING)
    pencil = ImageDraw.Draw(picture)
    pencil.rounded_rectangle(_scaled(0.02, 0.02, 0.98, 0.98), radius=0.2 * CANVAS, fill=PLATE)
    pencil.ellipse(_scaled(0.38, 0.25, 0.62, 0.53), fill=PERSON)
    # Shoulders: the upper half of an ellipse.
    pencil.pieslice(_scaled(0.31, 0.57, 0.69, 0.95), 180, 360, fill=PERSON)
    for x, inward in ((0.17, 0.14), (0.83, -0.14)):
        for y, downward in ((0.17, 0.14), (0.83, -0.14)):
            _corner(pencil, x, y, inward, downward)
    return picture.reduce(CANVAS // SIDE)


def _corner(pencil: ImageDraw.ImageDraw, x: float, y: float, inward: float, downward: float) -> None:
    """Two strokes with round ends that meet at (x, y)."""
    ends = [(x + inward, y), (x, y), (x, y + downward)]
    width = 0.045
    pencil.line([tuple(_scaled(*end)) for end in ends], fill=CORNER, width=int(width * CANVAS))
    for px, py in ends:
        radius = width / 2
        pencil.ellipse(_scaled(px - radius, py - radius, px + radius, py + radius), fill=CORNER)


if __name__ == "__main__":
    draw().save(Path(sys.argv[1]), optimize=True)
