"""The sidecar's side of the pose process: start it, ask it, end it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

import numpy as np
from numpy.typing import NDArray

from stash_sense.signals.body.messages import Kind, read_answer, unpack_poses, write_frame
from stash_sense.signals.body.pose import Pose

logger = logging.getLogger(__name__)

# The first import of MediaPipe from a slow disk was seen to take half a minute.
START_SECONDS: Final = 180.0
ANSWER_SECONDS: Final = 15.0
_END_SECONDS: Final = 3.0
_PACKAGES: Final = Path(__file__).resolve().parents[3]
# All that the process needs of the environment; in particular no secret.
_ENVIRONMENT: Final = ("PATH", "LD_LIBRARY_PATH", "LANG", "MPLCONFIGDIR", "XDG_CACHE_HOME")


class PoseError(Exception):
    """No poses, of this picture or any; the message is one line."""


class PoseLandmarkerProcess:
    """One process with one model. Not for two threads at a time; every method blocks."""

    def __init__(self, model: Path) -> None:
        """Start it; it loads the model while the caller goes on. Raises ``OSError``."""
        self._process = subprocess.Popen(  # noqa: S603 - this very package, run by this very Python
            [sys.executable, "-P", "-m", "stash_sense.signals.body.worker", str(model)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={
                **{name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                "PYTHONPATH": str(_PACKAGES),
            },
            # The terminal's Ctrl-C is for the sidecar, which then ends this one.
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=(self._pipe(self._process.stderr),), daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Raises ``PoseError``: why it will never be."""
        with self._deadline(START_SECONDS):
            kind, payload = read_answer(self._pipe(self._process.stdout))
        if kind is not Kind.READY:
            raise PoseError(payload.decode(errors="replace"))

    def detect(self, image: NDArray[np.uint8]) -> list[Pose]:
        """The poses in uint8 (height, width, 3), RGB, in pixels of it. Raises ``PoseError``."""
        with self._deadline(ANSWER_SECONDS):
            write_frame(self._pipe(self._process.stdin), image)
            kind, payload = read_answer(self._pipe(self._process.stdout))
        if kind is not Kind.POSES:
            raise PoseError(payload.decode(errors="replace"))
        return unpack_poses(payload)

    def close(self) -> None:
        """End it; safe to repeat, and from another thread than the one that asks it."""
        self._process.terminate()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was still to be written goes nowhere
                self._pipe(stream).close()

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        """Kill the process when it takes longer: that breaks the pipes on which the caller waits."""
        timer = threading.Timer(seconds, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, EOFError, ValueError) as error:  # ValueError: closed by another thread meanwhile
            late = not timer.is_alive()
            self._process.kill()
            code = self._process.wait()
            why = f"did not answer within {seconds:g} s" if late else f"ended with status {code}"
            raise PoseError(f"the pose process {why}; LOG_LEVEL=DEBUG shows what it wrote") from error
        finally:
            timer.cancel()

    def _listen(self, stream: BinaryIO) -> None:
        with stream:
            for line in stream:
                logger.debug("pose process: %s", line.decode(errors="replace").rstrip())

    @staticmethod
    def _pipe(stream: IO[bytes] | None) -> BinaryIO:
        """Popen's type says that there may be none; here each was asked for."""
        return cast("BinaryIO", stream)
