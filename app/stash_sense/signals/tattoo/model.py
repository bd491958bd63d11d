"""An ONNX model that takes pictures: what both models of this signal have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from stash_sense.inference.manifest import ModelError
from stash_sense.inference.sessions import create_session, first_line

_CHANNELS: Final = 3


class PictureModel:
    """A model with one input, float32 (n, 3, height, width), that is given one picture at a time.

    Attributes:
        height, width: of the input, fixed by the model.
        output_shape: of the first output, without n; what the model leaves open is a name or None.
    """

    def __init__(self, path: Path, providers: list[str]) -> None:
        """Raises ``ModelError``: missing, damaged, or with another input."""
        self._path = path
        self._session = create_session(path, providers)
        inputs = self._session.get_inputs()
        shape = list(inputs[0].shape)
        fits = len(inputs) == 1 and inputs[0].type == "tensor(float)" and len(shape) == 4
        if not (fits and shape[1] == _CHANNELS and all(isinstance(side, int) for side in shape[2:])):
            raise ModelError(
                f"{path.name} takes {[(i.type, i.shape) for i in inputs]}; needed is one float input "
                f"[n, {_CHANNELS}, height, width] of fixed height and width; export the model so"
            )
        self._input = inputs[0].name
        self.height: Final[int] = shape[2]
        self.width: Final[int] = shape[3]
        self.output_shape: Final[list[int | str | None]] = list(self._session.get_outputs()[0].shape)[1:]

    def run(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The first output, without its first axis, for float32 (height, width, 3).

        Raises:
            ModelError: the model failed.
        """
        batch = np.ascontiguousarray(rows.transpose(2, 0, 1)[None], np.float32)
        try:
            found: NDArray[np.float32] = self._session.run(None, {self._input: batch})[0][0]
        except Exception as error:  # ONNX Runtime raises types of its own, without a common base
            raise ModelError(f"{self._path.name} failed: {first_line(error)}") from error
        return found


def resized(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """uint8 (height, width, 3), by the interpolation that suits the direction."""
    smaller = width < image.shape[1] or height < image.shape[0]
    method = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (width, height), interpolation=method), np.uint8)
