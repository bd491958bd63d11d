"""Small ONNX models that really find and describe tattoos, as long as those are green."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

DETECTOR_SIDE = 128
EMBEDDER_SIDE = 16
DIMENSIONS = 12


def write_detector(path: Path) -> None:
    """One box around whatever is much greener than red and blue; the score grows with its area."""
    side = DETECTOR_SIDE
    x = np.broadcast_to(np.arange(side, dtype=np.float32), (1, 1, side, side))
    y = x.transpose(0, 1, 3, 2)
    constants = {
        "limit": np.array(0.4, np.float32),
        "area": np.array(20, np.float32),
        "side": np.array(side, np.float32),
        "zero": np.array(0, np.float32),
        "one": np.array(1, np.float32),
        "kind": np.zeros((1, 1), np.float32),
        "all": np.array([1, 2, 3], np.int64),
        "row": np.array([1, 1, 6], np.int64),
        "right": x + 1,
        "left": side - x,
        "bottom": y + 1,
        "top": side - y,
    }
    nodes = [
        helper.make_node("Split", ["image"], ["r", "g", "b"], axis=1, num_outputs=3),
        helper.make_node("Max", ["r", "b"], ["others"]),
        helper.make_node("Sub", ["g", "others"], ["greener"]),
        helper.make_node("Greater", ["greener", "limit"], ["is_ink"]),
        helper.make_node("Cast", ["is_ink"], ["ink"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["ink", "all"], ["pixels"], keepdims=0),
        helper.make_node("Div", ["pixels", "area"], ["share"]),
        helper.make_node("Clip", ["share", "zero", "one"], ["score_flat"]),
        helper.make_node("Unsqueeze", ["score_flat", "unsqueezed"], ["score"]),
    ]
    constants["unsqueezed"] = np.array([1], np.int64)
    for edge in ("left", "top", "right", "bottom"):
        nodes += [
            helper.make_node("Mul", ["ink", edge], [f"{edge}_of_ink"]),
            helper.make_node("ReduceMax", [f"{edge}_of_ink", "all"], [f"{edge}_flat"], keepdims=0),
            helper.make_node("Unsqueeze", [f"{edge}_flat", "unsqueezed"], [f"{edge}_most"]),
        ]
    nodes += [
        helper.make_node("Sub", ["side", "left_most"], ["x1"]),
        helper.make_node("Sub", ["side", "top_most"], ["y1"]),
        helper.make_node(
            "Concat", ["x1", "y1", "right_most", "bottom_most", "score", "kind"], ["flat"], axis=1
        ),
        helper.make_node("Reshape", ["flat", "row"], ["boxes"]),
    ]
    _save(path, nodes, constants, ("image", [1, 3, side, side]), ("boxes", [1, 1, 6]))


def write_embedder(path: Path, *, dimensions: int = DIMENSIONS) -> None:
    """The means of the four quarters, each channel's own mean taken away."""
    half = EMBEDDER_SIDE // 2
    nodes = [
        helper.make_node(
            "AveragePool", ["tattoo"], ["quarters"], kernel_shape=[half, half], strides=[half, half]
        ),
        helper.make_node("GlobalAveragePool", ["quarters"], ["mean"]),
        helper.make_node("Sub", ["quarters", "mean"], ["differences"]),
        helper.make_node("Flatten", ["differences"], ["flat"]),
        helper.make_node("Slice", ["flat", "begin", "end", "axis"], ["vector"]),
    ]
    constants = {
        "begin": np.array([0], np.int64),
        "end": np.array([dimensions], np.int64),
        "axis": np.array([1], np.int64),
    }
    shape = ["n", 3, EMBEDDER_SIDE, EMBEDDER_SIDE]
    _save(path, nodes, constants, ("tattoo", shape), ("vector", ["n", dimensions]))


def _save(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    constants: dict[str, np.ndarray],
    takes: tuple[str, Sequence[int | str]],
    gives: tuple[str, Sequence[int | str]],
) -> None:
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info(takes[0], TensorProto.FLOAT, takes[1])],
        [helper.make_tensor_value_info(gives[0], TensorProto.FLOAT, gives[1])],
        [numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))
