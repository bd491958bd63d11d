"""The faces of many frames: detected frame by frame, embedded in batches across frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stash_sense.identification.stopwatch import Stopwatch
from stash_sense.recognition.alignment import aligned_crop
from stash_sense.recognition.faces import DetectedFace, Detection
from stash_sense.recognition.pipeline import FacePipeline

# Crops of one run of the embedders; they double it with mirror images.
_BATCH: Final = 16


@dataclass(frozen=True, eq=False)
class FaceOfFrame:
    """A face with its embeddings, and the number of its frame."""

    frame: int
    face: DetectedFace


class FaceCollector:
    """Takes frames and keeps their faces; of the frames themselves nothing stays in memory.

    Attributes:
        frames: how many frames it was given.
        detected: faces that were found, of whatever size.
    """

    def __init__(
        self, pipeline: FacePipeline, min_confidence: float, min_size: int, watch: Stopwatch
    ) -> None:
        """``min_size``: a face with a shorter side, in pixels, is counted and passed over."""
        self._pipeline = pipeline
        self._min_confidence = min_confidence
        self._min_size = min_size
        self._watch = watch
        self._waiting: list[tuple[int, Detection, NDArray[np.uint8]]] = []
        self._faces: list[FaceOfFrame] = []
        self.frames = 0
        self.detected = 0

    def add(self, pixels: NDArray[np.uint8]) -> None:
        """Look at one more frame, uint8 (height, width, 3) RGB. Raises ModelError."""
        with self._watch.measure("detection"):
            detections = self._pipeline.detector.detect(pixels, self._min_confidence)
        with self._watch.measure("cutting"):
            self.detected += len(detections)
            self._waiting += [
                (self.frames, detection, aligned_crop(pixels, detection.landmarks))
                for detection in detections
                if self._large_enough(detection)
            ]
        self.frames += 1
        if len(self._waiting) >= _BATCH:
            self._embed()

    def finish(self) -> list[FaceOfFrame]:
        """The faces that are large enough, in the order of their frames. Raises ModelError."""
        self._embed()
        return self._faces

    def _large_enough(self, detection: Detection) -> bool:
        x1, y1, x2, y2 = detection.box
        return min(x2 - x1, y2 - y1) >= self._min_size

    def _embed(self) -> None:
        if not self._waiting:
            return
        crops = np.stack([crop for _, _, crop in self._waiting])
        with self._watch.measure("embedding"):
            facenet, arcface = self._pipeline.facenet.embed(crops), self._pipeline.arcface.embed(crops)
        for i, (frame, seen, _) in enumerate(self._waiting):
            # A vector without a direction is near to nobody, and no index can be asked about it.
            if _has_direction(facenet[i]) and _has_direction(arcface[i]):
                face = DetectedFace(seen.box, seen.score, seen.landmarks, facenet[i], arcface[i])
                self._faces.append(FaceOfFrame(frame, face))
        self._waiting = []


def _has_direction(vector: NDArray[np.float32]) -> bool:
    return bool(np.isfinite(vector).all() and vector.any())
