from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from PIL import Image

from stash_sense.inference.manifest import load_manifest
from stash_sense.inference.sessions import CPU
from stash_sense.recognition.engine import Embedders, Engine, load_embedders, load_engine
from stash_sense.recognition.golden import (
    GOLDEN_NAME,
    GoldenVectors,
    compare,
    golden_vectors,
    portrait,
    read_golden,
)
from stash_sense.settings import Settings


@pytest.fixture(scope="module")
def embedders(engine_settings: Settings) -> Embedders:
    return load_embedders(engine_settings, load_manifest(engine_settings.models_dir), [CPU])


@pytest.fixture
def own_models(models_dir: Path, tmp_path: Path) -> Path:
    """A folder of links to the models, to which a test may add."""
    for name in ("facenet512.onnx", "arcface.onnx"):
        (tmp_path / name).symlink_to((models_dir / name).resolve())
    return tmp_path


def test_the_detector_sees_the_bundled_portrait_as_known(engine: Engine) -> None:
    assert engine.golden.ok
    assert "landmarks within" in engine.golden.reason


def test_the_same_models_give_the_same_file(embedders: Embedders) -> None:
    one, two = (golden_vectors(embedders.models, embedders.hashes) for _ in range(2))
    assert one.model_dump_json() == two.model_dump_json()
    assert [len(vector) for vector in one.vectors.values()] == [512, 512]


def test_vectors_recorded_beside_the_models_are_the_reference(
    engine_settings: Settings, embedders: Embedders, own_models: Path
) -> None:
    recorded = golden_vectors(embedders.models, embedders.hashes)
    (own_models / GOLDEN_NAME).write_text(recorded.model_dump_json(), "utf-8")
    loaded = load_engine(engine_settings.model_copy(update={"models_dir": own_models}))
    assert loaded.golden.ok
    assert "made on the CPU" not in loaded.golden.reason


def test_wrong_vectors_fail_the_golden_query(
    engine_settings: Settings, embedders: Embedders, own_models: Path
) -> None:
    recorded = golden_vectors(embedders.models, embedders.hashes)
    turned = {name: vector[::-1] for name, vector in recorded.vectors.items()}
    wrong = recorded.model_copy(update={"vectors": turned})
    (own_models / GOLDEN_NAME).write_text(wrong.model_dump_json(), "utf-8")
    answer = load_engine(engine_settings.model_copy(update={"models_dir": own_models})).golden
    assert not answer.ok
    assert "the portrait's vectors are wrong" in answer.reason


def test_vectors_of_other_models_are_not_used_as_reference(
    engine_settings: Settings, embedders: Embedders, own_models: Path
) -> None:
    recorded = golden_vectors(embedders.models, embedders.hashes)
    other = recorded.model_copy(update={"sha256": dict.fromkeys(recorded.sha256, "0" * 64)})
    (own_models / GOLDEN_NAME).write_text(other.model_dump_json(), "utf-8")
    answer = load_engine(engine_settings.model_copy(update={"models_dir": own_models})).golden
    assert answer.ok
    assert "made on the CPU at this start" in answer.reason


@pytest.mark.parametrize("text", ["", "{", "{}", '{"sha256": 3}'])
def test_a_damaged_golden_file_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / GOLDEN_NAME).write_text(text, "utf-8")
    assert read_golden(tmp_path) is None


def test_vectors_that_are_not_numbers_do_not_agree() -> None:
    reference = GoldenVectors(sha256={"m": "0" * 64}, vectors={"m": [1.0, 0.0]})
    assert compare(reference, reference).ok
    assert not compare(reference.model_copy(update={"vectors": {"m": [float("nan"), 0.0]}}), reference).ok


def test_a_model_with_damaged_weights_is_caught(
    engine_settings: Settings, embedders: Embedders, own_models: Path
) -> None:
    """The file loads and runs; only the golden query can tell."""
    recorded = golden_vectors(embedders.models, embedders.hashes)
    path = own_models / "arcface.onnx"
    model = onnx.load(str(path))
    weights = max(model.graph.initializer, key=lambda tensor: len(tensor.raw_data))
    array = numpy_helper.to_array(weights)
    noise = np.random.default_rng(0).standard_normal(array.shape).astype(array.dtype)
    weights.CopyFrom(numpy_helper.from_array(noise * array.std(), weights.name))
    path.unlink()
    onnx.save(model, str(path))
    damaged = load_embedders(
        engine_settings.model_copy(update={"models_dir": own_models}),
        load_manifest(engine_settings.models_dir),
        [CPU],
    )
    answer = compare(golden_vectors(damaged.models, damaged.hashes), recorded)
    assert not answer.ok


def test_the_bundled_portrait_is_the_one_that_the_script_draws(tmp_path: Path) -> None:
    script = Path(__file__).parents[2] / "scripts/draw_portrait.py"
    subprocess.run([sys.executable, str(script), str(tmp_path / "drawn.png")], check=True)
    drawn = np.asarray(Image.open(tmp_path / "drawn.png")).astype(int)
    # Another version of Pillow may place an edge a little differently.
    assert np.abs(drawn - portrait().astype(int)).mean() < 1
