"""What a signal is: something besides the face that weighs candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from stash_sense.database.load import FaceDatabase
from stash_sense.recognition.faces import DetectedFace
from stash_sense.recognition.fusion import Candidate
from stash_sense.signals.body.ratios import BodyRatios

SignalName = Literal["body", "tattoo"]


class SignalError(Exception):
    """A signal cannot say anything of a picture; the message is one line."""


@dataclass(frozen=True)
class Availability:
    """Whether a signal can be asked now, and why or why not in one line."""

    state: Literal["ok", "starting", "unavailable"]
    reason: str


@dataclass(frozen=True, eq=False)
class Picture:
    """What a signal may look at.

    Attributes:
        image: uint8 (height, width, 3), RGB.
        candidates: each face's, nearest first.
    """

    image: NDArray[np.uint8]
    faces: Sequence[DetectedFace]
    candidates: Sequence[Sequence[Candidate]]


@dataclass(frozen=True)
class Opinion:
    """What a signal says of a picture.

    Attributes:
        weights: for each face, universal id to weight of its candidates; a candidate left out has weight 1.
        compared: candidates with whom something could be compared; 0 when there was nothing to say.
        reason: one line.
        bodies: each face's measured proportions, from the signal that measures them.
    """

    weights: Sequence[Mapping[str, float]]
    compared: int
    reason: str
    bodies: Sequence[BodyRatios | None] = ()


class Signal(Protocol):
    """One signal. Every method but ``availability`` blocks; threads may call them at the same time."""

    def prepare(self, database: FaceDatabase) -> None:
        """Read what is needed of a database that is about to answer, and begin to load the rest.

        ``availability`` says what came of it.
        """

    def stop(self) -> None:
        """End what runs."""

    def availability(self, database: FaceDatabase) -> Availability:
        """Whether it can be asked about candidates of this database; cheap."""

    def weigh(self, database: FaceDatabase, picture: Picture) -> Opinion:
        """What it says of a picture. Raises ``SignalError``."""
