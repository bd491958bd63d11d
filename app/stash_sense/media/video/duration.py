"""How long a film is, where its container does not tell."""

from __future__ import annotations

from typing import Final

from av.container import InputContainer
from av.video.stream import VideoStream

_MICROSECONDS: Final = 1_000_000
# Enough to even out the size of single frames.
_LOOKED_AT_SECONDS: Final = 10.0
_LOOKED_AT_BYTES: Final = 8 * 1024 * 1024


def stated_duration(container: InputContainer, stream: VideoStream) -> float | None:
    """Seconds, as the container states or FFmpeg found them; None when it is silent."""
    if container.duration is not None and container.duration > 0:
        return container.duration / _MICROSECONDS
    if stream.duration is not None and stream.duration > 0 and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None


def estimated_duration(container: InputContainer, stream: VideoStream, size: int) -> float | None:
    """Seconds, if the whole film takes as many bytes a second as its beginning; None when that says nothing.

    Reads packets: the caller has to seek afterwards.

    Args:
        size: of the file, in bytes.
    """
    if stream.time_base is None:
        return None
    first: tuple[float, int] | None = None
    for packet in container.demux(stream):
        if packet.pts is None or packet.pos is None or packet.pos < 0:
            continue
        here = (float(packet.pts * stream.time_base), packet.pos)
        if first is None:
            first = here
        seconds, passed = here[0] - first[0], here[1] - first[1]
        if seconds >= _LOOKED_AT_SECONDS or (passed >= _LOOKED_AT_BYTES and seconds > 0):
            return size * seconds / passed if passed > 0 else None
    # It ended before: as far as it went, it is that long.
    return seconds if first is not None and seconds > 0 else None
