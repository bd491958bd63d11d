"""Readiness: would the service give right answers?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from stash_sense.inference.gpu import missing_for_cuda, sessions_not_on_gpu
from stash_sense.recognition.database_slot import SlotState
from stash_sense.recognition.engine import Engine
from stash_sense.settings import RequireGpu

State = Literal["ok", "starting", "failed", "off"]
# Names of the checks that tell, and never keep the service from being ready.
OPTIONAL: Final = frozenset({"body", "tattoo", "stash"})


@dataclass(frozen=True)
class Check:
    """One question, its state and the reason in words.

    "off" is something that is not wanted, or an optional part that cannot be had.
    """

    name: str
    state: State
    reason: str


@dataclass(frozen=True)
class EngineState:
    """What is known of the models: not yet loaded, loaded, or why not.

    ``cuda_problems`` is collected once, when the engine has been loaded: looking for libraries costs
    milliseconds that an answer to a poll should not.
    """

    engine: Engine | None = None
    error: str | None = None
    cuda_problems: tuple[str, ...] = ()


def engine_loaded(engine: Engine) -> EngineState:
    """The state after loading, with what keeps sessions from CUDA where they are not on it."""
    problems = missing_for_cuda() if sessions_not_on_gpu(engine.states) else []
    return EngineState(engine, None, tuple(problems))


def is_ready(checks: list[Check]) -> bool:
    return all(check.state in ("ok", "off") for check in checks if check.name not in OPTIONAL)


def readiness_checks(slot: SlotState, engine: EngineState, require_gpu: RequireGpu) -> list[Check]:
    """Every check: database, models, golden query, GPU."""
    return [
        _database(slot, engine),
        _models(engine),
        _golden(engine),
        _gpu(engine, require_gpu),
    ]


def _database(slot: SlotState, engine: EngineState) -> Check:
    other = _models_of_another_kind(slot, engine)
    if other:
        reason = f"{slot.reason}; made with other models: {', '.join(other)}; its vectors match nothing here"
        return Check("database", "failed", reason)
    # A refused newer database does not take the running one out of service.
    states: dict[str, State] = {"ok": "ok", "refused": "ok", "starting": "starting", "failed": "failed"}
    return Check("database", states[slot.status], slot.reason)


def _models_of_another_kind(slot: SlotState, engine: EngineState) -> list[str]:
    """The models that made the vectors and are not the loaded ones, where the builder named them."""
    if slot.database is None or engine.engine is None:
        return []
    made_with, loaded = slot.database.manifest.model_hashes, engine.engine.model_hashes
    return [name for name, digest in made_with.items() if loaded.get(name, digest) != digest]


def _waiting(name: str, state: EngineState) -> Check:
    if state.error is not None:
        return Check(name, "failed", "the models are not loaded" if name != "models" else state.error)
    return Check(name, "starting", "the models are being loaded")


def _models(state: EngineState) -> Check:
    if state.engine is None:
        return _waiting("models", state)
    names = ", ".join(state.engine.model_hashes)
    note = (
        f"; not the manifest's files: {', '.join(state.engine.stand_ins)}" if state.engine.stand_ins else ""
    )
    return Check("models", "ok", f"loaded and run: {names}{note}")


def _golden(state: EngineState) -> Check:
    if state.engine is None:
        return _waiting("golden", state)
    golden = state.engine.golden
    return Check("golden", "ok" if golden.ok else "failed", golden.reason)


def _gpu(state: EngineState, require_gpu: RequireGpu) -> Check:
    if require_gpu is RequireGpu.FALSE:
        return Check("gpu", "off", "not wanted (REQUIRE_GPU=false); every session runs on the CPU")
    if state.engine is None:
        return _waiting("gpu", state)
    elsewhere = sessions_not_on_gpu(state.engine.states)
    if not elsewhere:
        return Check("gpu", "ok", "every session runs on CUDA")
    why = "; ".join(state.cuda_problems) or "no library is missing; see the log for what ONNX Runtime said"
    reason = f"on the CPU: {', '.join(elsewhere)}, because {why}"
    return Check("gpu", "failed" if require_gpu is RequireGpu.TRUE else "ok", reason)
