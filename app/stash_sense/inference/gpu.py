"""Why CUDA is not used: which library or driver is missing.

ONNX Runtime falls back to the CPU without an error when one of the libraries that its CUDA provider
links against is missing. The libraries are those that ``libonnxruntime_providers_cuda.so`` 1.26 names
as needed (``readelf -d``).
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import onnxruntime

from stash_sense.inference.sessions import CUDA, SessionState, preload_cuda_libraries

_DRIVER = "libcuda.so.1"
_LIBRARIES = (
    "libcudart.so.12",
    "libcublas.so.12",
    "libcublasLt.so.12",
    "libcudnn.so.9",
    "libcufft.so.11",
    "libcurand.so.10",
)


def sessions_not_on_gpu(states: Sequence[SessionState]) -> list[str]:
    """The names of the models whose session does not run on CUDA."""
    return [state.model for state in states if state.provider != CUDA]


def missing_for_cuda() -> list[str]:
    """Each thing that keeps CUDA from working here, as a phrase; empty when nothing is found missing."""
    if CUDA not in onnxruntime.get_available_providers():
        return ["this build of ONNX Runtime has no CUDA provider (install onnxruntime-gpu)"]
    # cuDNN may come from its Python package, which only this call makes visible.
    preload_cuda_libraries([CUDA])
    libraries = [name for name in _LIBRARIES if _load(name) is None]
    missing = [f"missing libraries: {', '.join(libraries)}"] if libraries else []
    driver = _load(_DRIVER)
    if driver is None:
        missing.append(
            f"the NVIDIA driver is missing ({_DRIVER}): start the container with "
            "--runtime=nvidia --gpus all on a host that has the driver"
        )
    else:
        missing.extend(_driver_problems(driver))
    return missing


def _load(name: str) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None


def _driver_problems(driver: ctypes.CDLL) -> list[str]:
    # CUDA driver API: cuInit and cuDeviceGetCount return 0 on success (CUDA_SUCCESS).
    code = driver.cuInit(0)
    if code != 0:
        return [f"the NVIDIA driver does not start (cuInit gives error {code}): check nvidia-smi on the host"]
    count = ctypes.c_int(0)
    driver.cuDeviceGetCount(ctypes.byref(count))
    return [] if count.value else ["the NVIDIA driver sees no card: give the container one (--gpus all)"]
