"""The icon that unRAID's Docker page shows of the sidecar."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

APP = Path(__file__).parents[1]
ICON = APP.parent / "icon.png"


def test_the_icon_is_the_one_that_the_script_draws(tmp_path: Path) -> None:
    script = APP / "scripts/draw_icon.py"
    subprocess.run([sys.executable, str(script), str(tmp_path / "drawn.png")], check=True)
    drawn, kept = (np.asarray(Image.open(path)).astype(int) for path in (tmp_path / "drawn.png", ICON))
    assert drawn.shape == kept.shape == (256, 256, 4)
    # Another version of Pillow may place an edge a little differently.
    assert np.abs(drawn - kept).mean() < 1


def test_the_icon_is_small_and_transparent_around_its_plate() -> None:
    assert ICON.stat().st_size < 10_000
    alpha = np.asarray(Image.open(ICON))[..., 3]
    assert [alpha[y, x] for y in (0, -1) for x in (0, -1)] == [0, 0, 0, 0]
    assert alpha[128, 128] == 255
