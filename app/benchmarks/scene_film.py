"""A long film at little cost: one minute is encoded, with movement, and its packets are repeated."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

WIDTH, HEIGHT, RATE = 1920, 1080, 25
# x264's default: ten seconds, longer than films mostly have.
GOP = 250


def long_film(path: Path, people: Path, minutes: int) -> Path:
    """1080p, 25 frames a second, some 6 Mbit/s; each person is on screen for a third of every minute."""
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    minute = path.with_name("one_minute.mp4")
    _encode(minute, [_portrait(folder) for folder in sorted(people.iterdir())])
    _repeat(minute, path, minutes)
    return path


def _portrait(folder: Path) -> NDArray[np.uint8]:
    with Image.open(min(folder.iterdir())) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        height = HEIGHT * 2 // 3
        return np.asarray(upright.resize((round(upright.width * height / upright.height), height)))


def _encode(path: Path, portraits: list[NDArray[np.uint8]]) -> None:
    random = np.random.default_rng(0)
    coarse = Image.fromarray(random.integers(60, 200, (HEIGHT // 8, WIDTH // 8, 3), dtype=np.uint8))
    background = np.asarray(coarse.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))
    frames = 60 * RATE
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "crf": "26"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.gop_size = GOP
        for number in range(frames):
            picture = np.roll(background, number * 3, axis=1)
            portrait = portraits[number * len(portraits) // frames]
            left = int((WIDTH - portrait.shape[1]) * (0.5 + 0.5 * np.sin(number / 40)))
            top = HEIGHT // 6
            picture[top : top + portrait.shape[0], left : left + portrait.shape[1]] = portrait
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))


def _repeat(minute: Path, path: Path, times: int) -> None:
    with av.open(minute) as source, av.open(path, "w", options={"movflags": "+faststart"}) as container:
        template = source.streams.video[0]
        stream = container.add_stream_from_template(template)
        length = round(60 / (template.time_base or 1))
        for turn in range(times):
            source.seek(0)
            for packet in source.demux(template):
                if packet.dts is None or packet.pts is None:
                    continue
                packet.pts += turn * length
                packet.dts += turn * length
                packet.stream = stream
                container.mux(packet)
