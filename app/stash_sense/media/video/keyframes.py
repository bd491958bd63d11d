"""Where a film's keyframes are, as far as its container tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from av.packet import Packet
from av.video.stream import VideoStream

# Their index is in the file. Of other containers FFmpeg notes what it has passed, which has holes.
_WITH_INDEX: Final = ("mov", "matroska", "avi")


@dataclass(frozen=True)
class Neighbourhood:
    """The last keyframe at or before a time, if any, and the nearest; in the stream's time base."""

    before: int | None
    nearest: int


class Keyframes:
    """Reads the index, which may grow while the film is read."""

    def __init__(self, stream: VideoStream, format_name: str) -> None:
        self._stream = stream
        self._indexed = any(name in format_name for name in _WITH_INDEX)
        # MOV and MP4 note when a keyframe is decoded, not when it is shown.
        self._notes_decoding = "mov" in format_name
        self._lag = 0

    def learn(self, packet: Packet[VideoStream]) -> None:
        """Take from a keyframe by how much its showing follows its decoding."""
        if self._notes_decoding and packet.pts is not None and packet.dts is not None:
            self._lag = packet.pts - packet.dts

    def around(self, timestamp: int) -> Neighbourhood | None:
        """What is around a time of the stream's time base; None when the index does not tell."""
        entries = self._stream.index_entries
        wanted = timestamp - self._lag
        if not self._indexed or not len(entries) or entries[len(entries) - 1].timestamp < wanted:
            return None
        found = (entries.search_timestamp(wanted, backward=backward) for backward in (True, False))
        before, after = (entries[place].timestamp + self._lag if place >= 0 else None for place in found)
        known = [place for place in (before, after) if place is not None]
        if not known:
            return None
        return Neighbourhood(before, min(known, key=lambda place: abs(place - timestamp)))
