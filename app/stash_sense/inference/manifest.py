"""The model manifest (``image/models.yml``): which models there are and how each is fed."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

MANIFEST_NAME = "models.yml"
# Beside the package in a checkout; the image keeps its copy beside the models instead.
_REPOSITORY_MANIFEST = Path(__file__).resolve().parents[3] / "image" / MANIFEST_NAME


class ModelError(Exception):
    """A model or the manifest is missing or wrong; the message is one line: seen, needed, remedy."""


class InputSpec(BaseModel):
    """How pixels become a model's input: ``(x - mean) / scale`` in the layout and size given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: Literal["NHWC", "NCHW"]
    channels: Literal["RGB"]
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    mean: float
    scale: float = Field(gt=0)


class OutputSpec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    dimensions: int = Field(gt=0)


class ModelSpec(BaseModel):
    """One model of the manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    file: str
    placement: Literal["image", "insightface-cache"]
    url: str
    member: str | None = None
    size: int = Field(gt=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    input: InputSpec | None = None
    output: OutputSpec | None = None


class ModelManifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1]
    models: tuple[ModelSpec, ...]

    def model(self, name: str) -> ModelSpec:
        """The entry of that name; ``ModelError`` when the manifest has none."""
        for spec in self.models:
            if spec.name == name:
                return spec
        raise ModelError(f"the model manifest has no entry {name!r}; add it to image/models.yml")


def load_manifest(models_dir: Path) -> ModelManifest:
    """Read ``models_dir/models.yml``, or the repository's manifest when the folder has none.

    Raises:
        ModelError: no manifest, or one that does not fit.
    """
    candidates = (models_dir / MANIFEST_NAME, _REPOSITORY_MANIFEST)
    path = next((candidate for candidate in candidates if candidate.is_file()), None)
    if path is None:
        raise ModelError(f"{candidates[0]} is missing; it belongs beside the models (image/models.yml)")
    try:
        return ModelManifest.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise ModelError(f"{path} is not a model manifest: {' '.join(str(error).split())}") from error
