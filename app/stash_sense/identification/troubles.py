"""What went wrong on the way, in few lines."""

from __future__ import annotations

from typing import Final

MOST_LINES: Final = 5


class Troubles:
    """Collects reasons; the same reason for many frames becomes one line."""

    def __init__(self) -> None:
        self._times: dict[str, list[float]] = {}
        self.unfinished = False
        """Whether a part of the film was not even tried."""

    def add(self, reason: str) -> None:
        """Something about the film as a whole."""
        self._times.setdefault(reason, [])

    def give_up(self, reason: str) -> None:
        """Why the rest of the film is not looked at."""
        self.unfinished = True
        self.add(reason)

    def add_at(self, seconds: float, reason: str) -> None:
        """Something about the frame at this time of the film."""
        self._times.setdefault(reason, []).append(seconds)

    def lines(self) -> list[str]:
        """At most `MOST_LINES`, in the order in which the reasons came first."""
        lines = [_line(reason, times) for reason, times in self._times.items()]
        if len(lines) > MOST_LINES:
            lines[MOST_LINES - 1 :] = [f"and {len(lines) - MOST_LINES + 1} more reasons"]
        return lines


def _line(reason: str, times: list[float]) -> str:
    if not times:
        return reason
    if len(times) == 1:
        return f"frame at {times[0]:.1f} s: {reason}"
    return f"{len(times)} frames from {min(times):.1f} s to {max(times):.1f} s: {reason}"
