"""Real films of photos: each is shown for so many seconds, encoded as the test wants it.

make_film(tmp / "two.mp4", [(photo_of_one, 4), (None, 2), (photo_of_two, 4)], codec="hevc", gop=50)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tests.support.film_frames import Picture, frame_of, turned

# A photo and for how many seconds it is shown; None shows black.
Shots = Sequence[tuple[Picture, float]]

# The encoder for each codec, as fast as it goes: still pictures look the same all the same.
_ENCODERS: dict[str, tuple[str, dict[str, str]]] = {
    "h264": ("libx264", {"preset": "ultrafast"}),
    "hevc": ("libx265", {"preset": "ultrafast", "x265-params": "log-level=none"}),
    "av1": ("libsvtav1", {"preset": "10"}),
    "vp9": ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8"}),
    "mpeg4": ("mpeg4", {}),
    "mjpeg": ("mjpeg", {}),
}
_SOUND_RATE = 48_000


@dataclass(frozen=True)
class Film:
    """How a film is encoded.

    `size` is what a viewer sees, width and height; with a `rotation` (clockwise, in degrees) the stored
    pictures lie on their side and the container says how to turn them (MP4 and MOV only). `gop` is the
    distance of keyframes in frames. `hdr` gives PQ in BT.2020 with 10 bits. `variable` gives frames at uneven
    times. `live` leaves out the duration, as a recording that was never finished (MKV and WebM only).
    `codec` None: no picture at all, for a film of sound alone.
    """

    codec: str | None = "h264"
    size: tuple[int, int] = (640, 360)
    fps: float = 10
    gop: int = 20
    pixel_format: str = "yuv420p"
    rotation: int = 0
    hdr: bool = False
    variable: bool = False
    sound: bool = False
    live: bool = False


def make_film(path: Path, shots: Shots, **how: object) -> Path:
    """Write the film to `path`, whose suffix names the container, with the options of `Film`."""
    film = Film(**how)  # type: ignore[arg-type]
    options = {"movflags": "+faststart"} if path.suffix in (".mp4", ".mov", ".m4v") else {}
    if film.live:
        options["live"] = "1"
    with av.open(path, "w", options=options) as container:
        video = _video_stream(container, film) if film.codec else None
        sound = _sound_stream(container) if film.sound or not film.codec else None
        if video is not None:
            for packet in _encoded(video, film, shots):
                container.mux(packet)
        if sound is not None:
            for packet in _hum(sound, sum(seconds for _, seconds in shots)):
                container.mux(packet)
    if film.rotation:
        turned(path, film.rotation)
    return path


class FilmShelf:
    """Films by name, each made when it is asked for first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def film(self, name: str, shots: Shots, **how: object) -> Path:
        """The film `name` ("two_people.mp4"); the same name always means the same film."""
        path = self._folder / name
        return path if path.exists() else make_film(path, shots, **how)


def cut(path: Path, share: float) -> Path:
    """Let only the first `share` of the file be left."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def spoil(path: Path, start: float, end: float) -> Path:
    """Overwrite the part of the file between two shares of its length with nonsense."""
    content = bytearray(path.read_bytes())
    first, last = int(len(content) * start), int(len(content) * end)
    content[first:last] = np.random.default_rng(7).bytes(last - first)
    path.write_bytes(content)
    return path


def _video_stream(container: av.container.OutputContainer, film: Film) -> VideoStream:
    encoder, options = _ENCODERS[film.codec or ""]
    stream = cast(
        "VideoStream", container.add_stream(encoder, rate=Fraction(film.fps), options=dict(options))
    )
    width, height = film.size if film.rotation % 180 == 0 else film.size[::-1]
    stream.width, stream.height = width, height
    stream.pix_fmt = "yuv420p10le" if film.hdr else "yuvj420p" if film.codec == "mjpeg" else film.pixel_format
    stream.codec_context.gop_size = film.gop
    # A tick is a tenth of a frame where they come at uneven times.
    stream.codec_context.time_base = 1 / Fraction(film.fps) / (10 if film.variable else 1)
    if film.hdr:
        # BT.2020, PQ (SMPTE ST 2084), BT.2020 non-constant luminance: numbers of ITU-T H.273.
        stream.codec_context.color_primaries = 9
        stream.codec_context.color_trc = 16
        stream.codec_context.colorspace = 9
    return stream


def _encoded(stream: VideoStream, film: Film, shots: Shots) -> Iterator[av.Packet[Any]]:
    base = stream.codec_context.time_base
    assert base is not None
    moments = _moments(film, sum(seconds for _, seconds in shots))
    start = 0.0
    now = next(moments, None)
    for picture, seconds in shots:
        frame = frame_of(picture, film.size, film.rotation, stream.pix_fmt or "yuv420p", hdr=film.hdr)
        while now is not None and now < start + seconds:
            frame.pts, frame.time_base = round(now / base), base
            yield from stream.encode(frame)
            now = next(moments, None)
        start += seconds
    yield from stream.encode(None)


def _moments(film: Film, seconds: float) -> Iterator[float]:
    """When each frame is shown, in seconds."""
    gaps = itertools.cycle((0.4, 0.6, 2.0)) if film.variable else itertools.repeat(1.0)
    frame = 0.0
    while frame / film.fps < seconds - 1e-9:
        yield frame / film.fps
        frame += next(gaps)


def _sound_stream(container: av.container.OutputContainer) -> AudioStream:
    webm = container.format.name == "webm"
    return container.add_stream("libopus" if webm else "aac", rate=_SOUND_RATE, layout="mono")


def _hum(stream: AudioStream, seconds: float) -> Iterator[av.Packet[Any]]:
    tone: NDArray[np.float32] = np.sin(np.arange(int(seconds * _SOUND_RATE)) * 0.05).astype(np.float32)
    for start in range(0, len(tone), 960):
        frame = av.AudioFrame.from_ndarray(tone[None, start : start + 960] * 0.1, "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = _SOUND_RATE, start, Fraction(1, _SOUND_RATE)
        yield from stream.encode(frame)
    yield from stream.encode(None)
