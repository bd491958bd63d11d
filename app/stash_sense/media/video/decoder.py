"""Packets and pictures of one video stream: seek, decode one keyframe, decode on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from stash_sense.media.video.stop import Stop

# So many packets in a row without a whole picture, and this place of the film is given up.
_PATIENCE: Final = 300


class Decoder:
    """Reads on from where the last seek landed. Its pictures all have a time (`pts`) and are undamaged."""

    def __init__(self, container: InputContainer, stream: VideoStream, stop: Stop) -> None:
        self._container = container
        self._stream = stream
        self._context = stream.codec_context
        self._context.thread_type = "AUTO"
        self._stop = stop
        self._packets: Iterator[Packet[VideoStream]] | None = None
        self._next: Packet[VideoStream] | None = None

    def seek(self, timestamp: int) -> None:
        """To the keyframe before a time of the stream's time base, or where the container lands."""
        self._stop.check()
        self._packets = self._next = None
        self._container.seek(timestamp, stream=self._stream, backward=True)

    def next_keyframe(self) -> Packet[VideoStream] | None:
        """The next packet with a keyframe; it stays the next to be decoded."""
        self._next = next((packet for packet in self._read() if packet.is_keyframe and packet.size), None)
        return self._next

    def alone(self) -> VideoFrame | None:
        """Decode the next packet and nothing else; None when that gives no whole picture. Then seek."""
        packet, self._next, self._packets = self._next, None, None
        self._context.skip_frame = "DEFAULT"
        try:
            # Draining gives the picture at once, though the decoder works on several frames at a time.
            frames = [*self._context.decode(packet), *self._context.decode(None)]
        except FFmpegError:
            frames = []
        return next((frame for frame in frames if _whole(frame)), None)

    def forward(self, *, coarse: bool) -> Iterator[VideoFrame]:
        """Picture after picture, to the film's end or until nothing more can be decoded.

        Args:
            coarse: leave out frames that no other frame needs, which is faster.
        """
        self._context.skip_frame = "NONREF" if coarse else "DEFAULT"
        fruitless = 0
        for packet in self._read():
            try:
                frames = self._context.decode(packet if packet.size else None)
            except FFmpegError:
                frames = []
            fruitless = 0 if frames else fruitless + 1
            if fruitless > _PATIENCE:
                return
            yield from (frame for frame in frames if _whole(frame))

    def _read(self) -> Iterator[Packet[VideoStream]]:
        if self._next is not None:
            packet, self._next = self._next, None
            yield packet
        if self._packets is None:
            self._packets = self._container.demux(self._stream)
        for packet in self._packets:
            self._stop.check()
            yield packet


def _whole(frame: VideoFrame) -> bool:
    return frame.pts is not None and not frame.is_corrupt
