"""A tattoo as a vector."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stash_sense.inference.manifest import ModelError
from stash_sense.signals.tattoo.model import PictureModel, resized

# Of ImageNet, with which networks of this kind are trained.
_MEAN: Final = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION: Final = np.array([0.229, 0.224, 0.225], np.float32)


class TattooEmbedder:
    """Any network that turns pictures into vectors.

    Input: the tattoo's box, RGB, 0 to 1, ImageNet's mean and deviation. Output: float32 (n, dimensions).
    """

    def __init__(self, path: Path, providers: list[str]) -> None:
        """Raises ``ModelError``."""
        self._model = PictureModel(path, providers)
        shape = self._model.output_shape
        if len(shape) != 1 or not isinstance(shape[0], int):
            raise ModelError(f"{path.name} gives {shape}; needed is [dimensions], a fixed number of them")
        self.dimensions: Final[int] = shape[0]

    def embed(self, tattoo: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """float32 (dimensions,) of uint8 (height, width, 3), RGB; None when it has no direction.

        Raises:
            ModelError: the model failed.
        """
        small = resized(tattoo, self._model.width, self._model.height)
        vector = self._model.run((small.astype(np.float32) / np.float32(255) - _MEAN) / _DEVIATION)
        length = float(np.linalg.norm(vector.astype(np.float64)))
        return vector if np.isfinite(length) and length > 0 else None
