"""Detect, align and embed every face of a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stash_sense.recognition.alignment import CROP_SIZE, aligned_crop
from stash_sense.recognition.detector import FaceDetector
from stash_sense.recognition.embedding import Embedder
from stash_sense.recognition.faces import DetectedFace

DEFAULT_MIN_CONFIDENCE = 0.5


@dataclass(frozen=True)
class FacePipeline:
    """The way from pixels to embeddings; the same for queries and for building a database."""

    detector: FaceDetector
    facenet: Embedder
    arcface: Embedder

    def analyse(
        self, image: NDArray[np.uint8], min_confidence: float = DEFAULT_MIN_CONFIDENCE
    ) -> list[DetectedFace]:
        """The faces of an image with their embeddings, left to right.

        Args:
            image: uint8 (height, width, 3), RGB.
            min_confidence: faces below this detector score (0 to 1) are left out.

        Raises:
            ModelError: an embedding model failed.
        """
        detections = self.detector.detect(image, min_confidence)
        crops = np.empty((len(detections), CROP_SIZE, CROP_SIZE, 3), np.uint8)
        for crop, detection in zip(crops, detections, strict=True):
            crop[:] = aligned_crop(image, detection.landmarks)
        facenet, arcface = self.facenet.embed(crops), self.arcface.embed(crops)
        return [
            DetectedFace(d.box, d.score, d.landmarks, facenet[i], arcface[i])
            for i, d in enumerate(detections)
        ]
