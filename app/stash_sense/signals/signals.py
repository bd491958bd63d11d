"""All signals together: started, asked about a picture, and reported. None of them can break an answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from stash_sense.database.load import FaceDatabase
from stash_sense.readiness import Check
from stash_sense.recognition.faces import DetectedFace
from stash_sense.recognition.fusion import Candidate
from stash_sense.settings import Settings
from stash_sense.signals.body.ratios import BodyRatios
from stash_sense.signals.body.signal import BodySignal
from stash_sense.signals.reports import ReportState, SignalKnobs, SignalReport
from stash_sense.signals.signal import Opinion, Picture, Signal, SignalError, SignalName

logger = logging.getLogger(__name__)


class Signals:
    """The signals that the settings want."""

    def __init__(self, settings: Settings) -> None:
        self._signals: dict[SignalName, Signal | None] = {
            "body": BodySignal(settings.models_dir) if settings.enable_body_signal else None,
            "tattoo": _tattoo_signal(settings) if settings.enable_tattoo_signal else None,
        }

    def stop(self) -> None:
        for signal in self._signals.values():
            if signal is not None:
                signal.stop()

    def prepare(self, database: FaceDatabase) -> None:
        """Read what the signals need of a database that is about to answer. Never raises."""
        for name, signal in self._signals.items():
            try:
                if signal is not None:
                    signal.prepare(database)
            except Exception:  # a signal is no reason to refuse a database
                logger.exception("%s signal: the database cannot be read", name)

    def checks(self, database: FaceDatabase | None) -> list[Check]:
        """Each signal for the readiness answer. One that cannot be had is "off", with the reason."""
        return [self._check(name, signal, database) for name, signal in self._signals.items()]

    def of_picture(self, database: FaceDatabase, knobs: SignalKnobs) -> PictureSignals:
        """What to ask about one picture."""
        return PictureSignals(self._signals, database, knobs)

    @staticmethod
    def _check(name: SignalName, signal: Signal | None, database: FaceDatabase | None) -> Check:
        if signal is None:
            return Check(name, "off", f"not wanted ({_variable(name)}=false)")
        if database is None:
            return Check(name, "off", "unavailable: there is no database to compare with")
        available = signal.availability(database)
        if available.state == "unavailable":
            return Check(name, "off", f"unavailable: {available.reason}")
        return Check(name, available.state, available.reason)


class PictureSignals:
    """The signals asked about one picture, and what became of each."""

    def __init__(
        self, signals: Mapping[SignalName, Signal | None], database: FaceDatabase, knobs: SignalKnobs
    ) -> None:
        self._signals = signals
        self._database = database
        self._knobs = knobs
        self.reports: list[SignalReport] = []
        self.bodies: Sequence[BodyRatios | None] = ()

    def weigh(
        self,
        image: NDArray[np.uint8],
        faces: Sequence[DetectedFace],
        candidates: Sequence[Sequence[Candidate]],
    ) -> list[Mapping[str, float]]:
        """The product of all signals' weights, for each face; ``reports`` and ``bodies`` are then filled."""
        picture = Picture(image, faces, candidates)
        self.bodies = [None] * len(faces)
        weights: list[dict[str, float]] = [{} for _ in faces]
        for name, signal in self._signals.items():
            opinion = self._ask(name, signal, picture)
            if opinion is None:
                continue
            for mine, said in zip(weights, opinion.weights, strict=True):
                for universal_id, weight in said.items():
                    mine[universal_id] = mine.get(universal_id, 1.0) * weight
            self.bodies = opinion.bodies or self.bodies
        return list(weights)

    def _ask(self, name: SignalName, signal: Signal | None, picture: Picture) -> Opinion | None:
        opinion = None
        state, reason = self._hindrance(name, signal)
        if signal is not None and state == "silent":
            try:
                opinion = signal.weigh(self._database, picture) if any(picture.candidates) else None
            except SignalError as error:
                state, reason = "unavailable", str(error)
            except Exception:  # whatever it is, the faces have been recognised
                logger.exception("%s signal failed", name)
                state, reason = "unavailable", "it failed; the sidecar's log says more"
        if opinion is not None:
            state, reason = "used" if opinion.compared else "silent", opinion.reason
        self.reports.append(SignalReport(name, state, reason))
        return opinion

    def _hindrance(self, name: SignalName, signal: Signal | None) -> tuple[ReportState, str]:
        """Why not to ask a signal; "silent" when it may be asked."""
        if signal is None:
            return "off", f"{_variable(name)}=false"
        refusal = self._knobs.refusal(name)
        if refusal is not None:
            return "off", refusal
        available = signal.availability(self._database)
        if available.state != "ok":
            return "unavailable", available.reason
        return "silent", "no face has a candidate"


def _tattoo_signal(settings: Settings) -> Signal:
    from stash_sense.signals.tattoo.signal import TattooSignal  # noqa: PLC0415 - not even imported when off

    return TattooSignal(settings)


def _variable(name: SignalName) -> str:
    return f"ENABLE_{name.upper()}_SIGNAL"
