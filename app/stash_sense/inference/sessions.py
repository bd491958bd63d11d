"""ONNX Runtime sessions: made on the GPU where there is one, and asked where they really run."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import onnxruntime

from stash_sense.inference.manifest import ModelError
from stash_sense.settings import RequireGpu

CUDA = "CUDAExecutionProvider"
CPU = "CPUExecutionProvider"


@dataclass(frozen=True)
class SessionState:
    """Where one session runs: the provider that ONNX Runtime put first, not the one it was asked for."""

    model: str
    provider: str


def wanted_providers(require_gpu: RequireGpu) -> list[str]:
    """CUDA then CPU, or the CPU alone when the GPU is not wanted or the build has no CUDA."""
    if require_gpu is RequireGpu.FALSE or CUDA not in onnxruntime.get_available_providers():
        return [CPU]
    return [CUDA, CPU]


def preload_cuda_libraries(providers: list[str]) -> None:
    """Make cuDNN from its Python package visible to the CUDA provider; the base image has the rest.

    The CPU variant of the image has no such package; ONNX Runtime would print a warning at every start.
    """
    if CUDA in providers and importlib.util.find_spec("nvidia") is not None:
        onnxruntime.preload_dlls(cuda=False)


def create_session(path: Path, providers: list[str]) -> onnxruntime.InferenceSession:
    """Load a model.

    Raises:
        ModelError: the file is missing or is not a model that ONNX Runtime can run.
    """
    if not path.is_file():
        raise ModelError(f"{path} is missing; put the model there or set MODELS_DIR to its folder")
    options = onnxruntime.SessionOptions()
    # Warnings about unused initialisers say nothing to the owner of a server; errors still show.
    options.log_severity_level = 3
    # Threads that wait for their next task sleep instead of spinning. The models take a quarter less of the
    # processor for the same time: what decodes a film beside them, or answers /health, gets it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), sess_options=options, providers=providers)
    except Exception as error:  # ONNX Runtime raises types of its own, without a common base
        raise ModelError(f"{path} cannot be loaded: {first_line(error)}; fetch the model again") from error


def state_of(model: str, session: onnxruntime.InferenceSession) -> SessionState:
    return SessionState(model=model, provider=session.get_providers()[0])


def first_line(error: BaseException) -> str:
    """The first line of an error's text, for messages that stay on one line."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
