"""Where tattoos are in a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stash_sense.inference.manifest import ModelError
from stash_sense.signals.tattoo.model import PictureModel, resized

MIN_SCORE: Final = 0.4
MAX_TATTOOS: Final = 20
# Of each row of the output: x1, y1, x2, y2, score, class.
_COLUMNS: Final = 6
# What detectors of this kind are trained to see beside a picture that does not fill their input.
_GREY: Final = 114

Box = tuple[int, int, int, int]


class TattooDetector:
    """A detector exported end to end, that is with its suppression of doubles (as Ultralytics' ``nms=True``).

    Input: RGB, 0 to 1, the picture scaled to fit, in the middle, grey around it. Output: float32
    (n, rows, 6), each row x1, y1, x2, y2 in pixels of the input, score 0 to 1, class (not looked at).
    """

    def __init__(self, path: Path, providers: list[str]) -> None:
        """Raises ``ModelError``."""
        self._model = PictureModel(path, providers)
        shape = self._model.output_shape
        if len(shape) != 2 or shape[1] != _COLUMNS:
            raise ModelError(
                f"{path.name} gives {shape}; needed is [rows, {_COLUMNS}]: x1, y1, x2, y2, score, class"
            )

    def detect(self, image: NDArray[np.uint8]) -> list[Box]:
        """Boxes x1, y1, x2, y2 in pixels of uint8 (height, width, 3), RGB, inside it, the surest first.

        Raises:
            ModelError: the model failed.
        """
        height, width = image.shape[:2]
        scale = min(self._model.width / width, self._model.height / height)
        inner = (max(1, round(width * scale)), max(1, round(height * scale)))
        left, top = (self._model.width - inner[0]) // 2, (self._model.height - inner[1]) // 2
        canvas = np.full((self._model.height, self._model.width, 3), _GREY, np.uint8)
        canvas[top : top + inner[1], left : left + inner[0]] = resized(image, *inner)
        rows = self._model.run(canvas.astype(np.float32) / np.float32(255))
        rows = rows[np.isfinite(rows).all(axis=1)]
        rows = rows[rows[:, 4] >= MIN_SCORE]
        rows = rows[np.argsort(-rows[:, 4], kind="stable")][:MAX_TATTOOS]
        found = (rows[:, :4] - [left, top, left, top]) / scale
        corners = np.clip(found, 0, [width, height, width, height]).round().astype(int).tolist()
        return [(x1, y1, x2, y2) for x1, y1, x2, y2 in corners if x1 < x2 and y1 < y2]
