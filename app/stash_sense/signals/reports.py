"""What an answer says about its signals, and what a caller may want of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from stash_sense.signals.signal import SignalName

ReportState = Literal["used", "silent", "off", "unavailable"]
# What is told of several pictures: the first of these that holds for any of them.
_TOLD_FIRST: Final[tuple[ReportState, ...]] = ("used", "unavailable", "silent", "off")


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


def of_several(pictures: Sequence[Sequence[SignalReport]]) -> list[SignalReport]:
    """One report a signal for several pictures; no reports for no pictures."""
    by_name: dict[SignalName, list[SignalReport]] = {}
    for reports in pictures:
        for report in reports:
            by_name.setdefault(report.name, []).append(report)
    return [_of_one_signal(name, reports) for name, reports in by_name.items()]


def _of_one_signal(name: SignalName, reports: Sequence[SignalReport]) -> SignalReport:
    told = min(reports, key=lambda report: _TOLD_FIRST.index(report.state))
    if told.state != "used":
        return told
    used = sum(report.state == "used" for report in reports)
    return SignalReport(name, "used", f"in {used} of {len(reports)} pictures")


def off(reason: str) -> list[SignalReport]:
    """No signal takes part."""
    return [SignalReport(name, "off", reason) for name in get_args(SignalName)]
