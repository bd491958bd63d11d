"""Which scenes need a fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stash_sense.library.scene_fingerprints import State


def outstanding(
    scene_ids: Iterable[str], known: Mapping[str, State], db_version: str | None, *, refresh_outdated: bool
) -> list[str]:
    """Those without a usable one, in the given order.

    A scene that could not be analysed counts as done until there is another recognition database, or somebody
    asks for it anew: it would most likely fail again.
    """

    def needed(state: State | None) -> bool:
        if state is None or state.status == "pending":
            return True
        return refresh_outdated and state.db_version != db_version

    return [scene_id for scene_id in scene_ids if needed(known.get(scene_id))]
