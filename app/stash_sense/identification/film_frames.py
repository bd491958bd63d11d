"""The frames of a scene's film, spread over it; what cannot be had is noted and passed over."""

from __future__ import annotations

import http
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx
import numpy as np
from numpy.typing import NDArray

from stash_sense.identification.scene_knobs import SceneKnobs
from stash_sense.identification.stopwatch import Stopwatch
from stash_sense.identification.troubles import Troubles
from stash_sense.media.video.errors import VideoError, VideoSourceError
from stash_sense.media.video.source import open_video
from stash_sense.media.video.stop import Stop, TimeUpError
from stash_sense.recognition.scene.sampling import sample_times, tolerance_of

if TYPE_CHECKING:
    from stash_sense.media.video.film import Film

# So many failures of the server in a row, and the rest of the film is given up.
_PATIENCE: Final = 3


@dataclass(frozen=True)
class FilmSource:
    """Where a film is.

    Attributes:
        headers: what the server wants to see, for exactly this address.
        seconds: its duration as Stash knows it; None when it does not.
    """

    url: httpx.URL
    headers: Mapping[str, str]
    seconds: float | None


def film_frames(
    source: FilmSource, knobs: SceneKnobs, stop: Stop, troubles: Troubles, watch: Stopwatch
) -> Iterator[NDArray[np.uint8]]:
    """Frames in the order of their times, uint8 (height, width, 3) RGB. Ends when the time is up.

    Raises:
        VideoSourceError: the server does not hand the film out at all, though it has it.
        FfmpegMissingError, CancelledWorkError.
    """
    with ExitStack() as stack:
        try:
            with watch.measure("extraction"):
                film = stack.enter_context(open_video(source.url, source.headers, source.seconds, stop))
        except TimeUpError:
            troubles.give_up("the time was up before the film could be opened")
            return
        except VideoSourceError as error:
            if error.status != http.HTTPStatus.NOT_FOUND:
                raise
            troubles.add("Stash knows the scene but not its film (HTTP 404): rescan or clean the library.")
            return
        except VideoError as error:
            troubles.add(str(error))
            return
        yield from _spread(film, knobs, troubles, watch)


def _spread(
    film: Film, knobs: SceneKnobs, troubles: Troubles, watch: Stopwatch
) -> Iterator[NDArray[np.uint8]]:
    if film.seconds is None:
        troubles.add("nobody knows how long the film is; only its beginning was looked at")
    times = sample_times(
        film.seconds or 0.0,
        knobs.num_frames,
        knobs.start_offset_pct,
        knobs.end_offset_pct,
        film.frame_seconds,
    )
    tolerance, failures = tolerance_of(times), 0
    for number, seconds in enumerate(times):
        try:
            with watch.measure("extraction"):
                pixels = film.picture(seconds, tolerance).pixels
        except TimeUpError:
            left = len(times) - number
            troubles.give_up(f"the time was up: {left} of {len(times)} frames were not looked at")
            return
        except VideoError as error:
            troubles.add_at(seconds, str(error))
            failures = failures + 1 if isinstance(error, VideoSourceError) else 0
            if failures == _PATIENCE:
                troubles.give_up(f"given up: {len(times) - number - 1} more frames were not tried")
                return
            continue
        failures = 0
        yield pixels
