"""Files of a scene are deleted, and one is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from stash_sense.actions.errors import ActionRefused
from stash_sense.media.redact import one_line
from stash_sense.stash.client import Priority, StashClient, StashUnavailable
from stash_sense.stash.objects.scenes import Scene

_PRIORITY = Priority.USER_ACTION


async def delete_scene_files(
    stash: StashClient, scene_id: str, file_ids_to_delete: Sequence[str], keep_file_id: str
) -> None:
    """Delete these files of the scene, from the disk too; the kept one becomes primary where needed.

    What the scene's files are is asked of Stash, not taken from the caller, whose page may be old. Raises
    ActionRefused, when nothing was changed, and StashError.
    """
    doomed = list(dict.fromkeys(file_ids_to_delete))
    scene = await stash.scenes.get(scene_id, _PRIORITY)
    _check(scene, doomed, keep_file_id)
    if scene.files[0].id in doomed:
        # Stash deletes no primary file.
        await stash.scenes.set_primary_file(scene_id, keep_file_id, _PRIORITY)
    try:
        await stash.scenes.delete_files(doomed, _PRIORITY)
    except StashUnavailable:
        # The answer may have been lost, and not the request.
        left = _ids(await stash.scenes.get(scene_id, _PRIORITY))
        if left & set(doomed):
            raise


def _check(scene: Scene, doomed: Collection[str], keep: str) -> None:
    there = _ids(scene)
    if not doomed:
        raise ActionRefused("no files to delete: file_ids_to_delete is empty; choose at least one")
    if keep in doomed:
        raise ActionRefused(
            f"file {_shown([keep])} is to be kept and to be deleted; leave it out of file_ids_to_delete"
        )
    foreign = [file_id for file_id in doomed if file_id not in there]
    if foreign:
        raise ActionRefused(
            f"scene {scene.id} has no file {_shown(foreign)}; its files are {_shown(sorted(there))}: "
            "they may have been deleted already; reload the page"
        )
    if there <= set(doomed):
        raise ActionRefused(
            f"these are all files of scene {scene.id} ({_shown(sorted(there))}); one must be kept: "
            "delete the scene itself in Stash"
        )
    if keep not in there:
        raise ActionRefused(
            f"the file to keep, {_shown([keep])}, is none of scene {scene.id} "
            f"(its files are {_shown(sorted(there))}); reload the page"
        )


def _ids(scene: Scene) -> set[str]:
    return {file.id for file in scene.files}


def _shown(ids: Collection[str]) -> str:
    return one_line(", ".join(ids), 80) or "(none)"
