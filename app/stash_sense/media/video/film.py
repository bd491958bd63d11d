"""One opened film: pictures near given times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from stash_sense.media.video.decoder import Decoder
from stash_sense.media.video.errors import VideoError
from stash_sense.media.video.ffmpeg_words import ffmpeg_words
from stash_sense.media.video.keyframes import Keyframes
from stash_sense.media.video.pixels import to_rgb
from stash_sense.media.video.remote_file import RemoteFile
from stash_sense.media.video.stop import Stop

_DEFAULT_RATE: Final = 25.0
# Where samples lie farther apart, a few frames more or less do not matter.
_COARSE_SECONDS: Final = 0.5
# How far before a time it is worth looking for a keyframe, where only seeking tells.
_STEPS_BACK: Final = (0.0, 10.0, 60.0)


@dataclass(frozen=True, eq=False)
class Picture:
    """A frame: uint8 (height, width, 3) RGB, upright; its time in seconds from the film's beginning."""

    pixels: NDArray[np.uint8]
    seconds: float


class Film:
    """Finds and decodes pictures. For one thread at a time; made by `open_video`.

    Attributes:
        seconds: how long it is; None when nobody knows.
    """

    def __init__(
        self,
        container: InputContainer,
        stream: VideoStream,
        file: RemoteFile,
        seconds: float | None,
        stop: Stop,
    ) -> None:
        self.seconds: Final = seconds
        self._container = container
        self._stream = stream
        self._file = file
        self._decoder = Decoder(container, stream, stop)
        self._keyframes = Keyframes(stream, container.format.name)
        self._base = float(stream.time_base or 0) or 1 / 90000
        self._origin = stream.start_time or 0
        self._shown: set[int] = set()
        # How far decoding forward has come, in seconds; None when a seek is needed first.
        self._reached: float | None = None
        self._end: float | None = None

    @property
    def frame_seconds(self) -> float:
        """How long a frame lasts, on average."""
        rate = self._stream.average_rate or self._stream.guessed_rate
        return 1 / float(rate) if rate else 1 / _DEFAULT_RATE

    def picture(self, seconds: float, tolerance: float) -> Picture:
        """The keyframe nearest to a time when it is within the tolerance, else the frame at that time.

        No frame is given twice. Ascending times are the cheapest.

        Raises:
            VideoError: there is no such frame, or it is damaged; other times may do. VideoSourceError: the
                server does not hand the film out any more.
            StoppedError: the work is to end.
        """
        try:
            frame = self._near(seconds, tolerance)
        except FFmpegError as error:
            raise VideoError(ffmpeg_words(error)) from error
        pts = frame.pts or 0
        self._shown.add(pts)
        aspect = self._stream.codec_context.sample_aspect_ratio
        return Picture(to_rgb(frame, float(aspect) if aspect else 1.0), self._seconds(pts))

    def close(self) -> None:
        self._container.close()

    def _near(self, seconds: float, tolerance: float) -> VideoFrame:
        if self._end is not None and seconds > self._end:
            raise VideoError(f"the film ends after {self._end:.1f} s")
        if not self._file.seekable():
            return self._forward(seconds, tolerance)
        place = self._keyframes.around(self._timestamp(seconds))
        if place is None:
            # Nothing tells where keyframes are; they were too far apart before, or this is the first look.
            if self._reached is None or self._reached > seconds:
                frame = self._keyframe(seconds, tolerance, seconds)
                frame = frame or self._keyframe(seconds, tolerance, seconds - tolerance)
                if frame is not None:
                    return frame
                self._seek_behind(seconds)
            return self._forward(seconds, tolerance)
        nearest = self._seconds(place.nearest)
        frame = self._keyframe(seconds, tolerance, nearest) if abs(nearest - seconds) <= tolerance else None
        if frame is not None:
            return frame
        between = place.before is not None and self._seconds(place.before) > (self._reached or 0)
        if self._reached is None or self._reached > seconds or between:
            self._seek(seconds)
        return self._forward(seconds, tolerance)

    def _keyframe(self, seconds: float, tolerance: float, sought: float) -> VideoFrame | None:
        """The keyframe where a seek lands, if it is near enough to ``seconds``, whole and new."""
        self._seek(sought)
        packet = self._decoder.next_keyframe()
        if packet is None or packet.pts is None or packet.pts in self._shown:
            return None
        self._keyframes.learn(packet)
        if abs(self._seconds(packet.pts) - seconds) > tolerance:
            return None
        frame = self._decoder.alone()
        return None if frame is None or frame.pts in self._shown else frame

    def _seek_behind(self, seconds: float) -> None:
        """To a keyframe before a time, where seeks may land behind it."""
        for back in _STEPS_BACK:
            self._seek(max(0.0, seconds - back))
            packet = self._decoder.next_keyframe()
            if packet is not None and packet.pts is not None and self._seconds(packet.pts) <= seconds:
                return
        self._seek(0.0)

    def _forward(self, seconds: float, tolerance: float) -> VideoFrame:
        """Decode on to the first frame that is not before a time; else the last one before it."""
        before: VideoFrame | None = None
        reached: float | None = None
        for frame in self._decoder.forward(coarse=tolerance >= _COARSE_SECONDS):
            reached = self._seconds(frame.pts or 0)
            self._reached = reached
            if reached < seconds - self.frame_seconds / 2:
                before = frame
                continue
            if frame.pts in self._shown:
                continue
            if reached <= seconds + max(tolerance, self.frame_seconds) or not self._file.seekable():
                return frame
            # A gap: what follows it is for a later time.
            break
        else:
            self._end, self._reached = reached, None
            if reached is not None and reached < seconds - max(tolerance, self.frame_seconds):
                raise VideoError(f"the film ends after {reached:.1f} s")
        if before is None or before.pts in self._shown:
            raise VideoError("no picture can be decoded there")
        return before

    def _seek(self, seconds: float) -> None:
        self._reached = None
        self._decoder.seek(self._timestamp(seconds))

    def _timestamp(self, seconds: float) -> int:
        return self._origin + round(seconds / self._base)

    def _seconds(self, timestamp: int) -> float:
        return (timestamp - self._origin) * self._base
