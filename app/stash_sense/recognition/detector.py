"""The production detector: RetinaFace/SCRFD of InsightFace's ``buffalo_sc`` pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from insightface.model_zoo.scrfd import SCRFD
from numpy.typing import NDArray

from stash_sense.inference.manifest import InputSpec, ModelError
from stash_sense.inference.sessions import SessionState, create_session, first_line, state_of
from stash_sense.recognition.faces import Detection


class FaceDetector:
    """Finds faces with their five landmarks.

    Calls from several threads are safe: the session is, and the threshold travels with the call.
    """

    def __init__(self, path: Path, spec: InputSpec, providers: list[str]) -> None:
        """Load the detector.

        Raises:
            ModelError: the file is not a detector that InsightFace can run.
        """
        self._session = create_session(path, providers)
        try:
            # One session, and the one that is asked where it runs: left to itself, InsightFace makes another
            # for each input size, and that one would answer.
            model: Any = SCRFD(str(path), session=self._session, static_shape_sessions=False)
            model.prepare(ctx_id=0, input_size=(spec.width, spec.height))
        except Exception as error:  # InsightFace and ONNX Runtime raise without a common base
            raise ModelError(f"{path} is not a face detector: {first_line(error)}; fetch it again") from error
        self._model = model
        self._longest_side = max(spec.width, spec.height)

    @property
    def state(self) -> SessionState:
        return state_of("detector", self._session)

    def detect(self, image: NDArray[np.uint8], min_confidence: float) -> list[Detection]:
        """The faces of an image, left to right.

        Args:
            image: uint8 (height, width, 3), RGB.
            min_confidence: faces below this score (0 to 1) are left out.
        """
        height, width = image.shape[:2]
        # The detector scales the longest side to its input size; a side that becomes nothing has no face.
        if min(height, width) * self._longest_side < max(height, width):
            return []
        bgr = np.ascontiguousarray(image[:, :, ::-1])
        boxes, landmarks = self._model.detect(bgr, det_thresh=min_confidence)
        found = [
            Detection(
                box=(float(box[0]), float(box[1]), float(box[2]), float(box[3])),
                score=float(box[4]),
                landmarks=points.astype(np.float32),
            )
            for box, points in zip(boxes, landmarks, strict=True)
            if np.isfinite(box).all() and np.isfinite(points).all()
        ]
        return sorted(found, key=lambda face: face.box[:2])
