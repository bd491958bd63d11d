"""What an answer says about its signals, and what a caller may want of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stash_sense.signals.signal import SignalName

ReportState = Literal["used", "silent", "off", "unavailable"]


@dataclass(frozen=True)
class SignalKnobs:
    """What a request wants; everything that is there, unless it says otherwise."""

    use_multi_signal: bool = True
    use_body: bool = True
    use_tattoo: bool = True

    def refusal(self, name: SignalName) -> str | None:
        """Which knob refuses a signal, None when none does."""
        if not self.use_multi_signal:
            return "use_multi_signal is false"
        wanted = {"body": self.use_body, "tattoo": self.use_tattoo}[name]
        return None if wanted else f"use_{name} is false"


@dataclass(frozen=True)
class SignalReport:
    """What became of one signal for one picture.

    Attributes:
        state: "used" when it compared something, even if all weights came out as 1; "silent" when it was
            there and had nothing to compare; "off" when it is not wanted; "unavailable" when it is wanted
            and cannot be had.
        reason: one line.
    """

    name: SignalName
    state: ReportState
    reason: str
