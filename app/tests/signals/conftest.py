from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stash_sense.signals.body.landmarker import PoseLandmarkerProcess


@pytest.fixture(scope="session")
def pose_model(models_dir: Path) -> Path:
    return models_dir / "pose_landmarker_lite.task"


@pytest.fixture(scope="session")
def landmarker(pose_model: Path) -> Iterator[PoseLandmarkerProcess]:
    """The pose process, with the real model."""
    process = PoseLandmarkerProcess(pose_model)
    process.wait_until_ready()
    yield process
    process.close()
