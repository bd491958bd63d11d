"""All signals together: how their weights combine, and that none of them can break an answer."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from stash_sense.database.load import FaceDatabase, load_database
from stash_sense.recognition.faces import DetectedFace
from stash_sense.recognition.fusion import Candidate
from stash_sense.settings import Settings
from stash_sense.signals.reports import ReportState, SignalKnobs, SignalReport, of_several
from stash_sense.signals.signal import Availability, Opinion, Picture, SignalError, SignalName
from stash_sense.signals.signals import PictureSignals, Signals
from tests.database.release import Release

THERE = Availability("ok", "there")


@dataclass
class Voice:
    """A signal that says what it is told to."""

    weights: list[dict[str, float]] = field(default_factory=list)
    failure: Exception | None = None
    available: Availability = THERE
    asked: int = 0

    def stop(self) -> None:
        pass

    def prepare(self, _: FaceDatabase) -> None:
        if self.failure is not None:
            raise self.failure

    def availability(self, _: FaceDatabase) -> Availability:
        return self.available

    def weigh(self, _: FaceDatabase, picture: Picture) -> Opinion:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return Opinion(self.weights, sum(map(len, self.weights)), "said so")


@pytest.fixture
def database(release: Release) -> FaceDatabase:
    return load_database(release.directory)


def face() -> DetectedFace:
    vector = np.ones(512, np.float32)
    return DetectedFace((0, 0, 9, 9), 0.9, np.zeros((5, 2), np.float32), vector, vector)


def weigh(signals: PictureSignals, *names: str) -> list[dict[str, float]]:
    candidates = [[Candidate(name, 0.3, 0.3, 0.3)] for name in names]
    image = np.zeros((10, 10, 3), np.uint8)
    return [dict(said) for said in signals.weigh(image, [face() for _ in names], candidates)]


def test_weights_of_several_signals_are_multiplied(database: FaceDatabase) -> None:
    body, tattoo = Voice([{"a": 0.6}, {"b": 0.85}]), Voice([{"a": 1.2, "c": 1.1}, {}])
    signals = PictureSignals({"body": body, "tattoo": tattoo}, database, SignalKnobs())
    assert weigh(signals, "a", "b") == [{"a": pytest.approx(0.72), "c": 1.1}, {"b": 0.85}]
    assert [report.state for report in signals.reports] == ["used", "used"]


@pytest.mark.parametrize("failure", [SignalError("the pose process ended"), RuntimeError("a bug")])
def test_a_signal_that_fails_is_left_out_and_the_others_count(
    database: FaceDatabase, failure: Exception
) -> None:
    signals = PictureSignals(
        {"body": Voice(failure=failure), "tattoo": Voice([{"a": 1.2}])}, database, SignalKnobs()
    )
    assert weigh(signals, "a") == [{"a": 1.2}]
    body, tattoo = signals.reports
    assert (body.state, tattoo.state) == ("unavailable", "used")
    assert body.reason in ("the pose process ended", "it failed; the sidecar's log says more")
    assert list(signals.bodies) == [None]


@pytest.mark.parametrize(
    ("knobs", "states"),
    [
        (SignalKnobs(), ["used", "used"]),
        (SignalKnobs(use_body=False), ["off", "used"]),
        (SignalKnobs(use_tattoo=False), ["used", "off"]),
        (SignalKnobs(use_multi_signal=False), ["off", "off"]),
    ],
)
def test_a_request_chooses_and_what_it_does_not_want_is_not_asked(
    database: FaceDatabase, knobs: SignalKnobs, states: list[str]
) -> None:
    body, tattoo = Voice([{"a": 0.6}]), Voice([{"a": 1.2}])
    signals = PictureSignals({"body": body, "tattoo": tattoo}, database, knobs)
    weigh(signals, "a")
    assert [report.state for report in signals.reports] == states
    assert [body.asked, tattoo.asked] == [state == "used" for state in states]


def test_a_signal_that_is_still_loading_is_not_waited_for(database: FaceDatabase) -> None:
    body = Voice([{"a": 0.6}], available=Availability("starting", "being loaded"))
    signals = PictureSignals({"body": body, "tattoo": None}, database, SignalKnobs())
    assert weigh(signals, "a") == [{}]
    assert [(r.state, r.reason) for r in signals.reports] == [
        ("unavailable", "being loaded"),
        ("off", "ENABLE_TATTOO_SIGNAL=false"),
    ]


def test_without_a_candidate_no_signal_is_asked(database: FaceDatabase) -> None:
    body = Voice([{}])
    signals = PictureSignals({"body": body, "tattoo": None}, database, SignalKnobs())
    signals.weigh(np.zeros((10, 10, 3), np.uint8), [face()], [[]])
    assert body.asked == 0
    assert signals.reports[0].state == "silent"


def test_what_cannot_be_had_is_off_in_the_readiness_answer_with_its_reason(
    database: FaceDatabase, tmp_path: Path
) -> None:
    signals = Signals(Settings(models_dir=tmp_path, data_dir=tmp_path, enable_tattoo_signal=True))
    signals.prepare(database)
    body, tattoo = signals.checks(database)
    assert body.state == tattoo.state == "off"
    assert body.reason.startswith("unavailable: ")
    assert "no body proportions" in body.reason
    assert tattoo.reason.startswith("unavailable: tattoo_detector.onnx")
    assert [check.state for check in signals.checks(None)] == ["off", "off"]
    signals.stop()


def test_a_sidecar_without_the_tattoo_signal_imports_nothing_of_it_nor_mediapipe(tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from stash_sense.application import create_app
from stash_sense.settings import Settings
create_app(Settings(data_dir=Path({str(tmp_path)!r}), models_dir=Path({str(tmp_path)!r})))
print([name for name in sys.modules if "tattoo" in name or name.split(".")[0] == "mediapipe"])
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "[]"


def test_of_several_pictures_each_signal_is_reported_once_and_its_use_first() -> None:
    def said(name: SignalName, *states: ReportState) -> list[SignalReport]:
        return [SignalReport(name, state, state) for state in states]

    body = said("body", "silent", "used", "unavailable", "used")
    tattoo = said("tattoo", "silent", "unavailable", "silent", "silent")
    assert of_several(list(zip(body, tattoo, strict=True))) == [
        SignalReport("body", "used", "in 2 of 4 pictures"),
        SignalReport("tattoo", "unavailable", "unavailable"),
    ]
    assert of_several([]) == []
