"""The golden query: a bundled portrait whose landmarks and vectors are known.

The portrait is drawn (``app/scripts/draw_portrait.py``), not photographed: it may be shipped anywhere, and
the production detector takes it for the face that it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from stash_sense.recognition.alignment import aligned_crop
from stash_sense.recognition.detector import FaceDetector
from stash_sense.recognition.embedding import Embedder

GOLDEN_NAME: Final = "golden.json"
MIN_COSINE: Final = 0.99
MAX_LANDMARK_OFFSET: Final = 2.0

# What det_500m.onnx finds in the portrait (eyes, nose, corners of the mouth; pixels).
_LANDMARKS: Final = ((102.04, 114.03), (154.73, 115.15), (127.48, 143.71), (109.98, 174.55), (147.11, 175.80))


class GoldenVectors(BaseModel):
    """Reference vectors, made on the CPU when the image was built.

    Attributes:
        sha256: model name -> the model's file.
        vectors: model name -> unit vector of the portrait's crop.
    """

    model_config = ConfigDict(frozen=True)

    sha256: dict[str, str]
    vectors: dict[str, list[float]]

    def fits(self, hashes: Mapping[str, str]) -> bool:
        """Whether they were made with exactly these models."""
        return all(hashes.get(name) == digest for name, digest in self.sha256.items()) and bool(self.sha256)


@dataclass(frozen=True)
class GoldenAnswer:
    """How the golden query came back."""

    ok: bool
    reason: str


def portrait() -> NDArray[np.uint8]:
    """The bundled picture, uint8 (256, 256, 3), RGB."""
    data = files(__package__).joinpath("portrait.png").read_bytes()
    bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:
        raise RuntimeError("the bundled portrait cannot be decoded; the installation is damaged")
    return np.ascontiguousarray(bgr[:, :, ::-1]).astype(np.uint8)


def golden_vectors(embedders: Mapping[str, Embedder], hashes: Mapping[str, str]) -> GoldenVectors:
    """Run the embedders on the portrait's crop; rounded, so that the same models give the same file."""
    crop = aligned_crop(portrait(), np.array(_LANDMARKS, np.float32))[None]
    vectors = {name: _unit(model.embed(crop)[0]) for name, model in embedders.items()}
    return GoldenVectors(
        sha256={name: hashes[name] for name in embedders},
        vectors={name: [round(float(x), 4) for x in vector] for name, vector in vectors.items()},
    )


def read_golden(models_dir: Path) -> GoldenVectors | None:
    """The vectors recorded beside the models, or None when there are none that can be read."""
    try:
        return GoldenVectors.model_validate_json((models_dir / GOLDEN_NAME).read_bytes())
    except (OSError, ValidationError):
        return None


def compare(answer: GoldenVectors, reference: GoldenVectors) -> GoldenAnswer:
    """Whether each vector agrees with its reference: cosine similarity of at least ``MIN_COSINE``."""
    cosines = {
        name: float(_unit(np.array(vector)) @ _unit(np.array(reference.vectors[name])))
        for name, vector in answer.vectors.items()
    }
    text = ", ".join(f"{name} {cosine:.4f}" for name, cosine in cosines.items())
    ok = all(cosine >= MIN_COSINE for cosine in cosines.values())  # NaN is not >= either
    if ok:
        return GoldenAnswer(True, f"the portrait's vectors agree with the reference (cosine: {text})")
    return GoldenAnswer(
        False,
        f"the portrait's vectors are wrong (cosine to the reference: {text}; at least {MIN_COSINE} needed)",
    )


def check_detector(detector: FaceDetector) -> GoldenAnswer:
    """Whether the detector finds the portrait's one face with its landmarks in place."""
    found = detector.detect(portrait(), min_confidence=0.5)
    if len(found) != 1:
        return GoldenAnswer(False, f"the detector finds {len(found)} faces in the portrait, there is 1")
    offset = float(np.abs(found[0].landmarks - np.array(_LANDMARKS)).max())
    if offset > MAX_LANDMARK_OFFSET:
        return GoldenAnswer(
            False,
            f"the detector's landmarks are {offset:.1f} px off, at most {MAX_LANDMARK_OFFSET} fit",
        )
    return GoldenAnswer(True, f"landmarks within {offset:.2f} px")


def _unit(vector: NDArray[np.floating]) -> NDArray[np.float64]:
    exact = vector.astype(np.float64)
    return exact / max(float(np.linalg.norm(exact)), 1e-12)
