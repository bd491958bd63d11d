"""From an aligned crop to a vector, by the recipe with which the indices were made."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from stash_sense.inference.manifest import InputSpec, ModelError, ModelSpec
from stash_sense.inference.sessions import SessionState, create_session, first_line, state_of

# Rows of one run (crops and their mirror images): bounds the memory that a crowd needs.
_MAX_ROWS: Final = 32


def prepare(crops: NDArray[np.uint8], spec: InputSpec) -> NDArray[np.float32]:
    """Letterbox crops to the model's input size and normalise them.

    Args:
        crops: uint8 (n, height, width, 3), RGB.
        spec: the model's input; area interpolation, black borders, ``(x - mean) / scale``.

    Returns:
        float32 (n, spec.height, spec.width, 3).
    """
    height, width = crops.shape[1:3]
    factor = min(spec.height / height, spec.width / width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    top, left = (spec.height - size[1]) // 2, (spec.width - size[0]) // 2
    canvas = np.zeros((len(crops), spec.height, spec.width, 3), np.uint8)
    for row, crop in zip(canvas, crops, strict=True):
        resized = crop if size == (width, height) else cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
        row[top : top + size[1], left : left + size[0]] = resized
    return (canvas.astype(np.float32) - np.float32(spec.mean)) / np.float32(spec.scale)


class Embedder:
    """One embedding model and its input recipe."""

    def __init__(self, spec: ModelSpec, path: Path, providers: list[str]) -> None:
        """Load the model.

        Raises:
            ModelError: missing, not a model, or without the input and output of the manifest.
        """
        if spec.input is None or spec.output is None:
            raise ModelError(f"the manifest's entry {spec.name!r} has no input or output; add them")
        self._name = spec.name
        self._input = spec.input
        self._dimensions = spec.output.dimensions
        self._session = create_session(path, providers)
        self._input_name = self._session.get_inputs()[0].name
        self._check_contract(path)

    def _check_contract(self, path: Path) -> None:
        seen_in = list(self._session.get_inputs()[0].shape[1:])
        seen_out = list(self._session.get_outputs()[0].shape[1:])
        needed = [self._input.height, self._input.width, 3]
        if seen_in != needed or seen_out != [self._dimensions]:
            raise ModelError(
                f"{path} takes {seen_in} and gives {seen_out}, the manifest says {needed} and "
                f"[{self._dimensions}]; it is another model than {self._name}"
            )

    @property
    def state(self) -> SessionState:
        return state_of(self._name, self._session)

    def embed(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The mean of the vector of each crop and of its mirror image.

        Args:
            crops: uint8 (n, 112, 112, 3), RGB.

        Returns:
            float32 (n, 512), not normalised.

        Raises:
            ModelError: the model failed on this input.
        """
        vectors = np.empty((len(crops), self._dimensions), np.float32)
        step = _MAX_ROWS // 2
        for start in range(0, len(crops), step):
            part = crops[start : start + step]
            rows = prepare(np.concatenate([part, part[:, :, ::-1]]), self._input)
            try:
                out = self._session.run(None, {self._input_name: rows})[0]
            except Exception as error:  # ONNX Runtime raises types of its own, without a common base
                raise ModelError(f"{self._name} failed: {first_line(error)}; see the log") from error
            vectors[start : start + step] = (out[: len(part)] + out[len(part) :]) / 2
        return vectors
