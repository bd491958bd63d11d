"""At which times a scene is looked at."""

from __future__ import annotations


def sample_times(duration: float, count: int, start: float, end: float, frame_seconds: float) -> list[float]:
    """Times spread evenly between two offsets, both included, in seconds and ascending.

    Fewer than asked for when so many would fall on the same frames; a scene too short even for two different
    frames gives its middle.

    Args:
        duration: of the scene, in seconds.
        count: how many times are wanted, at least 1.
        start, end: parts of the duration, 0 to 1.
        frame_seconds: how long one frame lasts.
    """
    span = duration * (end - start)
    room = int(span / frame_seconds) + 1 if span > 0 and frame_seconds > 0 else 1
    number = min(count, room)
    if number < 2:
        return [duration / 2]
    step = span / (number - 1)
    return [duration * start + i * step for i in range(number)]


def tolerance_of(times: list[float]) -> float:
    """How far from its time a frame may be, in seconds: not so far that it is nearer to another's."""
    return (times[1] - times[0]) / 2 if len(times) > 1 else 0.5
