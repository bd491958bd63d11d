"""The body signal: whose proportions do not fit is moved down."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from stash_sense.database.load import FaceDatabase
from stash_sense.inference.manifest import ModelError, load_manifest
from stash_sense.signals.body.assignment import poses_of_faces
from stash_sense.signals.body.frame import Frame
from stash_sense.signals.body.landmarker import ANSWER_SECONDS, PoseError, PoseLandmarkerProcess
from stash_sense.signals.body.pose import Pose
from stash_sense.signals.body.ratios import measure
from stash_sense.signals.body.table import ProportionsTable, read_table
from stash_sense.signals.body.weighing import body_weight
from stash_sense.signals.signal import Availability, Opinion, Picture, SignalError

logger = logging.getLogger(__name__)

MODEL: Final = "pose"
# A process that crashed is started anew, but not for ever.
_RESTARTS: Final = 3


class BodySignal:
    """Measures bodies in a process of its own and compares them with what the database knows."""

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir
        self._state = Availability("starting", "MediaPipe is being loaded")
        self._process: PoseLandmarkerProcess | None = None
        # The process answers one at a time; whoever holds this may ask it or exchange it.
        self._turn = threading.Lock()
        self._restarts = 0
        self._started = threading.Event()
        self._stopped = False
        self._tables: WeakKeyDictionary[FaceDatabase, ProportionsTable] = WeakKeyDictionary()

    @property
    def process_id(self) -> int | None:
        """Of the process that MediaPipe runs in, or ran in last."""
        return None if self._process is None else self._process.pid

    def stop(self) -> None:
        self._stopped = True
        if self._process is not None:
            self._process.close()

    def prepare(self, database: FaceDatabase) -> None:
        table = read_table(database)
        self._tables[database] = table
        # Two hundred megabytes and seconds of a start, which most databases that people make do not need.
        if table.problem is None and not self._started.is_set():
            self._started.set()
            self._in_background()

    def availability(self, database: FaceDatabase) -> Availability:
        table = self._table(database)
        if table.problem is not None:
            return Availability("unavailable", table.problem)
        if self._state.state != "ok":
            return self._state
        known = f"the proportions of {len(table.ratios)} performers are known"
        return Availability("ok", f"{self._state.reason}; {known}")

    def weigh(self, database: FaceDatabase, picture: Picture) -> Opinion:
        known = self._table(database).ratios
        if not any(c.universal_id in known for candidates in picture.candidates for c in candidates):
            return Opinion([{}] * len(picture.faces), 0, "no candidate's proportions are known")
        poses = poses_of_faces(picture.faces, self._poses(picture.image))
        bodies = [None if pose is None else measure(pose) for pose in poses]
        widths = [None if body is None else body.shoulder_hip for body in bodies]
        compared = [
            [c for c in candidates if width is not None and c.universal_id in known]
            for width, candidates in zip(widths, picture.candidates, strict=True)
        ]
        weights = [
            {c.universal_id: body_weight(width, known[c.universal_id]) for c in candidates}
            for width, candidates in zip(widths, compared, strict=True)
        ]
        count = sum(map(len, compared))
        seen = sum(width is not None for width in widths)
        reason = (
            f"shoulders and hips measured of {seen} of {len(widths)} faces, "
            f"compared with {count} candidate{'' if count == 1 else 's'}"
        )
        return Opinion(weights, count, reason, bodies)

    def _table(self, database: FaceDatabase) -> ProportionsTable:
        return self._tables.get(database) or ProportionsTable({}, "the proportions have not been read")

    def _poses(self, image: NDArray[np.uint8]) -> list[Pose]:
        frame = Frame.of(image)
        if not self._turn.acquire(timeout=ANSWER_SECONDS):
            raise SignalError(f"the pose process was busy for {ANSWER_SECONDS:g} s")
        try:
            return [frame.back(pose) for pose in self._detect(frame.image)]
        finally:
            self._turn.release()

    def _detect(self, image: NDArray[np.uint8]) -> list[Pose]:
        if self._process is None or self._state.state != "ok":
            raise SignalError(self._state.reason)
        try:
            return self._process.detect(image)
        except PoseError as error:
            if not self._process.alive:
                self._relaunch(str(error))
            raise SignalError(str(error)) from error

    def _start(self) -> None:
        with self._turn:
            try:
                self._launch()
            except (ModelError, PoseError, OSError) as error:
                self._give_up(str(error))
            except Exception as error:  # whatever it is, it must not look like "being loaded" for ever
                logger.exception("body signal")
                self._give_up(f"{type(error).__name__}: {error}")
            else:
                self._state = Availability("ok", "MediaPipe runs, without network")

    def _in_background(self) -> None:
        threading.Thread(target=self._start, name="pose", daemon=True).start()

    def _launch(self) -> None:
        path = self._models_dir / load_manifest(self._models_dir).model(MODEL).file
        if not path.is_file():
            raise PoseError(f"{path} is missing; put the model there or set MODELS_DIR to its folder")
        self._process = PoseLandmarkerProcess(path)
        if self._stopped:
            self._process.close()
        try:
            self._process.wait_until_ready()
        except PoseError as error:
            self._process.close()
            raise PoseError(f"{path} or MediaPipe cannot be used: {error}; is the file whole?") from error

    def _relaunch(self, reason: str) -> None:
        """After a crash: in the background, for the answer at hand need not wait for it."""
        if self._process is not None:
            self._process.close()
        if self._restarts == _RESTARTS:
            self._give_up(f"{reason}; not started again after {_RESTARTS} times")
        elif not self._stopped:
            self._restarts += 1
            logger.warning("body signal: %s; it is started again", reason)
            self._state = Availability("starting", f"{reason}; it is being started again")
            self._in_background()

    def _give_up(self, reason: str) -> None:
        self._state = Availability("unavailable", reason)
        if not self._stopped:
            logger.warning("body signal is unavailable: %s", reason)
