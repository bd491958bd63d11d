"""The tattoo signal: whose tattoo is recognised is moved up."""

from __future__ import annotations

import logging
from weakref import WeakKeyDictionary

from stash_sense.database.load import FaceDatabase
from stash_sense.inference.manifest import ModelError
from stash_sense.inference.sessions import preload_cuda_libraries, wanted_providers
from stash_sense.settings import Settings
from stash_sense.signals.signal import Availability, Opinion, Picture, SignalError
from stash_sense.signals.tattoo.kit import TattooFilesError, TattooKit, load_kit
from stash_sense.signals.tattoo.weighing import tattoo_weight

logger = logging.getLogger(__name__)


class TattooSignal:
    """Everything it needs belongs to a database, and is loaded with it."""

    def __init__(self, settings: Settings) -> None:
        self._data_dir = settings.data_dir
        self._providers = wanted_providers(settings.require_gpu)
        self._kits: WeakKeyDictionary[FaceDatabase, TattooKit | str] = WeakKeyDictionary()

    def prepare(self, database: FaceDatabase) -> None:
        preload_cuda_libraries(self._providers)
        try:
            self._kits[database] = load_kit(database, self._data_dir, self._providers)
        except TattooFilesError as error:
            logger.warning("tattoo signal is unavailable: %s", error)
            self._kits[database] = str(error)

    def stop(self) -> None:
        """Nothing runs by itself."""

    def availability(self, database: FaceDatabase) -> Availability:
        kit = self._kits.get(database)
        if isinstance(kit, TattooKit):
            return Availability("ok", f"tattoos of {len(kit.known)} performers are known")
        return Availability("unavailable", kit or "the database's tattoos could not be read; see the log")

    def weigh(self, database: FaceDatabase, picture: Picture) -> Opinion:
        kit = self._kits.get(database)
        if not isinstance(kit, TattooKit):
            raise SignalError(self.availability(database).reason)
        nothing: list[dict[str, float]] = [{} for _ in picture.faces]
        known = [[c for c in candidates if c.universal_id in kit.known] for candidates in picture.candidates]
        if not any(known):
            return Opinion(nothing, 0, "no candidate's tattoos are known")
        try:
            seen, nearest = kit.nearest(picture.image)
        except ModelError as error:
            raise SignalError(str(error)) from error
        if not seen:
            return Opinion(nothing, 0, "no tattoo is seen")
        weights = [
            {c.universal_id: tattoo_weight(nearest.get(c.universal_id)) for c in candidates}
            for candidates in known
        ]
        recognised = sum(weight > 1 for said in weights for weight in said.values())
        reason = f"{seen} tattoo{'' if seen == 1 else 's'} seen, {recognised} recognised as a candidate's"
        return Opinion(weights, sum(map(len, known)), reason)
