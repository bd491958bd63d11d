from __future__ import annotations

from pathlib import Path

import pytest

from stash_sense.inference.manifest import ModelError, load_manifest
from stash_sense.inference.sessions import CPU
from stash_sense.recognition.engine import load_embedders
from stash_sense.settings import Settings


def test_the_repository_s_manifest_describes_all_four_models(tmp_path: Path) -> None:
    manifest = load_manifest(tmp_path)
    assert {spec.name for spec in manifest.models} == {"facenet512", "arcface", "pose", "detector"}
    facenet = manifest.model("facenet512")
    assert facenet.size == 93985006
    assert facenet.input is not None
    assert (facenet.input.mean, facenet.input.scale, facenet.input.width) == (127.5, 127.5, 160)


def test_the_manifest_beside_the_models_comes_first(tmp_path: Path) -> None:
    (tmp_path / "models.yml").write_text("version: 1\nmodels: []\n", "utf-8")
    manifest = load_manifest(tmp_path)
    with pytest.raises(ModelError, match="no entry 'arcface'"):
        manifest.model("arcface")


@pytest.mark.parametrize("text", ["version: 2\nmodels: []\n", "[", "models: 3", ""])
def test_a_manifest_that_does_not_fit_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "models.yml").write_text(text, "utf-8")
    with pytest.raises(ModelError, match=r"models\.yml is not a model manifest"):
        load_manifest(tmp_path)


def test_a_missing_model_is_named_with_the_remedy(tmp_path: Path) -> None:
    settings = Settings(models_dir=tmp_path)
    with pytest.raises(
        ModelError, match=r"facenet512\.onnx is missing; put the model there or set MODELS_DIR"
    ):
        load_embedders(settings, load_manifest(tmp_path), [CPU])


def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "facenet512.onnx").write_bytes(b"<html>not found</html>")
    with pytest.raises(ModelError, match=r"facenet512\.onnx cannot be loaded: .*; fetch the model again"):
        load_embedders(Settings(models_dir=tmp_path), load_manifest(tmp_path), [CPU])


def test_exchanged_models_are_told_apart_by_their_input(models_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "facenet512.onnx").symlink_to((models_dir / "arcface.onnx").resolve())
    with pytest.raises(ModelError, match="it is another model than facenet512"):
        load_embedders(Settings(models_dir=tmp_path), load_manifest(tmp_path), [CPU])
