from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.support.sidecar import RunningSidecar, running_sidecar


@pytest.fixture(scope="session")
def base_variables(models_dir: Path, insightface_home: Path) -> dict[str, str]:
    return {"MODELS_DIR": str(models_dir), "INSIGHTFACE_HOME": str(insightface_home), "REQUIRE_GPU": "false"}


@pytest.fixture(scope="session")
def sidecar(
    base_variables: dict[str, str], people_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSidecar]:
    """A sidecar with the people's database and without a Stash."""
    variables = {**base_variables, "DATA_DIR": str(people_database), "MAX_IMAGE_PIXELS": "20000000"}
    with running_sidecar(variables, tmp_path_factory.mktemp("log") / "sidecar.log") as running:
        yield running


def base64_of(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return base64.b64encode(buffer.getvalue()).decode()


def names(answer: httpx.Response) -> list[str | None]:
    """The best match of each face, left to right; None for nobody."""
    assert answer.status_code == 200, answer.text
    faces: list[dict[str, Any]] = sorted(answer.json()["faces"], key=lambda face: face["box"]["x"])
    return [face["matches"][0]["name"] if face["matches"] else None for face in faces]
