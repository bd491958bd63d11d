"""The GPU check. What only a card can show runs where there is one; the refusals run where there is none."""

from __future__ import annotations

import ctypes

import onnxruntime
import pytest

from stash_sense.inference.gpu import missing_for_cuda, sessions_not_on_gpu
from stash_sense.inference.sessions import CPU, CUDA, SessionState, wanted_providers
from stash_sense.readiness import EngineState, engine_loaded, readiness_checks
from stash_sense.recognition.database_slot import SlotState
from stash_sense.recognition.engine import Engine, load_engine
from stash_sense.settings import RequireGpu, Settings

EMPTY_SLOT = SlotState(None, "failed", "no database in this test")


def has_driver() -> bool:
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError:
        return False
    return True


without_card = pytest.mark.skipif(has_driver(), reason="this machine has an NVIDIA driver")
with_card = pytest.mark.skipif(not has_driver(), reason="this machine has no NVIDIA driver")


def gpu_check(engine: Engine, require_gpu: RequireGpu) -> tuple[str, str]:
    checks = readiness_checks(EMPTY_SLOT, engine_loaded(engine), require_gpu)
    check = next(check for check in checks if check.name == "gpu")
    return check.state, check.reason


def test_the_locked_onnx_runtime_is_the_gpu_build() -> None:
    assert CUDA in onnxruntime.get_available_providers()


def test_cuda_is_asked_for_before_the_cpu_unless_it_is_not_wanted() -> None:
    assert wanted_providers(RequireGpu.AUTO) == [CUDA, CPU]
    assert wanted_providers(RequireGpu.TRUE) == [CUDA, CPU]
    assert wanted_providers(RequireGpu.FALSE) == [CPU]


def test_a_session_counts_as_on_the_gpu_only_when_cuda_comes_first_in_it() -> None:
    states = [SessionState("a", CUDA), SessionState("b", CPU)]
    assert sessions_not_on_gpu(states) == ["b"]


@pytest.fixture(scope="module")
def asked_for_cuda(engine_settings: Settings) -> Engine:
    """An engine whose sessions were asked for CUDA."""
    return load_engine(engine_settings.model_copy(update={"require_gpu": RequireGpu.AUTO}))


@without_card
def test_without_a_card_the_sessions_say_that_they_fell_back_to_the_cpu(asked_for_cuda: Engine) -> None:
    assert [state.provider for state in asked_for_cuda.states] == [CPU, CPU, CPU]


@without_card
def test_the_missing_driver_is_named_with_the_remedy() -> None:
    assert any(
        "NVIDIA driver is missing" in problem and "--gpus all" in problem for problem in missing_for_cuda()
    )


@without_card
def test_a_required_gpu_that_is_missing_fails_with_what_is_missing(asked_for_cuda: Engine) -> None:
    state, reason = gpu_check(asked_for_cuda, RequireGpu.TRUE)
    assert state == "failed"
    assert "detector, facenet512, arcface" in reason
    assert "libcuda.so.1" in reason


@without_card
def test_without_requiring_it_the_reason_is_told_and_the_service_is_ready(asked_for_cuda: Engine) -> None:
    state, reason = gpu_check(asked_for_cuda, RequireGpu.AUTO)
    assert state == "ok"
    assert "on the CPU" in reason


def test_a_gpu_that_is_not_wanted_is_off(engine: Engine) -> None:
    assert gpu_check(engine, RequireGpu.FALSE)[0] == "off"


@with_card
def test_with_a_card_every_session_runs_on_cuda_and_agrees_with_the_cpu(asked_for_cuda: Engine) -> None:
    assert [state.provider for state in asked_for_cuda.states] == [CUDA, CUDA, CUDA]
    assert asked_for_cuda.golden.ok
    assert gpu_check(asked_for_cuda, RequireGpu.TRUE)[0] == "ok"


def test_models_that_cannot_be_loaded_fail_every_check_that_needs_them() -> None:
    checks = readiness_checks(EMPTY_SLOT, EngineState(error="not ready: no detector"), RequireGpu.TRUE)
    assert {check.name: check.state for check in checks} == {
        "database": "failed",
        "models": "failed",
        "golden": "failed",
        "gpu": "failed",
    }
    assert "no detector" in next(check.reason for check in checks if check.name == "models")
