"""The two models: what they are given, what is made of what they give, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from stash_sense.inference.manifest import ModelError
from stash_sense.inference.sessions import CPU
from stash_sense.signals.tattoo.detector import TattooDetector
from stash_sense.signals.tattoo.embedder import TattooEmbedder
from tests.signals.tattoo.ink import SIDE, tattoo, tattooed
from tests.signals.tattoo.models import write_detector, write_embedder


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> TattooDetector:
    path = tmp_path_factory.mktemp("detector") / "tattoo_detector.onnx"
    write_detector(path)
    return TattooDetector(path, [CPU])


@pytest.mark.parametrize("shape", [(900, 900), (700, 1000), (1000, 600), (200, 1200)])
@pytest.mark.parametrize("x", [0, 60, 200])
def test_a_tattoo_is_found_where_it_is_whatever_the_shape_of_the_picture(
    detector: TattooDetector, shape: tuple[int, int], x: int
) -> None:
    picture = tattooed(np.full((*shape, 3), 128, np.uint8), 0, x=x, y=10)
    [box] = detector.detect(picture)
    # A pixel of the input is several of the picture.
    assert box == pytest.approx((x, 10, x + SIDE, 10 + SIDE), abs=max(shape) / 64)


def test_a_picture_without_a_tattoo_has_none(detector: TattooDetector) -> None:
    assert detector.detect(np.full((300, 400, 3), 200, np.uint8)) == []


def test_a_box_that_reaches_out_of_the_picture_is_cut_and_an_empty_or_senseless_one_left_out(
    tmp_path: Path,
) -> None:
    nan = float("nan")
    rows = [
        [-50, -50, 40, 40, 0.9, 0],
        [30, 30, 30, 60, 0.9, 0],
        [nan, 0, 9, 9, 0.9, 0],
        [10, 10, 20, 20, 0.39, 0],
        [10, 10, 20, 20, 0.95, 3],
    ]
    save_constant(tmp_path / "d.onnx", [1, 3, 64, 64], np.array([rows], np.float32))
    found = TattooDetector(tmp_path / "d.onnx", [CPU]).detect(np.zeros((64, 64, 3), np.uint8))
    assert found == [(10, 10, 20, 20), (0, 0, 40, 40)]


def test_the_same_tattoo_in_another_size_and_brightness_is_near_and_another_one_far(tmp_path: Path) -> None:
    write_embedder(tmp_path / "e.onnx")
    embedder = TattooEmbedder(tmp_path / "e.onnx", [CPU])
    same = np.ascontiguousarray(tattoo(1)[::3, ::3]) // 2
    one, again, other = (embedder.embed(picture) for picture in (tattoo(1), same, tattoo(2)))
    assert one is not None
    assert again is not None
    assert other is not None
    assert cosine(one, again) > 0.99
    assert cosine(one, other) < 0.5


@pytest.mark.parametrize("value", [0.0, float("nan"), float("inf")])
def test_a_vector_without_a_direction_is_none(tmp_path: Path, value: float) -> None:
    save_constant(tmp_path / "e.onnx", [1, 3, 8, 8], np.full((1, 4), value, np.float32))
    assert TattooEmbedder(tmp_path / "e.onnx", [CPU]).embed(tattoo(0)) is None


@pytest.mark.parametrize(
    ("takes", "gives", "word"),
    [
        ([1, 64, 64, 3], [1, 5, 6], "height, width"),
        ([1, 3, "h", "w"], [1, 5, 6], "fixed height and width"),
        ([1, 3, 64], [1, 5, 6], "needed"),
        ([1, 3, 64, 64], [1, 5, 85], r"\[rows, 6\]"),
    ],
)
def test_a_detector_of_another_kind_is_refused_with_what_is_needed(
    tmp_path: Path, takes: list[int | str], gives: list[int], word: str
) -> None:
    save_constant(tmp_path / "tattoo_detector.onnx", takes, np.zeros(gives, np.float32))
    with pytest.raises(ModelError, match=rf"tattoo_detector\.onnx.*{word}"):
        TattooDetector(tmp_path / "tattoo_detector.onnx", [CPU])


def save_constant(path: Path, takes: list[int | str], gives: np.ndarray) -> None:
    """A model that takes pictures and always gives the same."""
    node = helper.make_node("Constant", [], ["found"], value=numpy_helper.from_array(gives))
    graph = helper.make_graph(
        [node],
        "test",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, takes)],
        [helper.make_tensor_value_info("found", TensorProto.FLOAT, gives.shape)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, str(path))


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
