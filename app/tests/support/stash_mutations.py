"""What can be changed in the test's Stash, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ariadne import MutationType
from graphql import GraphQLError

from tests.support.stash_answers import Answers, single_links
from tests.support.stash_library import StashLibrary, StashPerformer, now
from tests.support.stash_queries import number


def mutations(library: StashLibrary, answers: Callable[[Any], Answers]) -> MutationType:
    """Resolvers that change `library`."""
    mutation = MutationType()
    for kind, plural in (("scene", "scenes"), ("image", "images"), ("gallery", "galleries")):
        mutation.set_field(f"bulk{kind.title()}Update", _bulk(library, kind, plural, answers))

    @mutation.field("sceneUpdate")
    def scene_update(_: None, info: Any, input: dict[str, Any]) -> Any:  # noqa: A002 - Stash's name
        scene = _known(library.scenes, "scene", input["id"])
        primary = input.get("primary_file_id")
        if primary is not None:
            if all(file.id != primary for file in scene.files):
                raise GraphQLError(f"file with id {primary} not associated with scene")
            scene.files.sort(key=lambda file: file.id != primary)
        for name in ("title", "date", "studio_id", "performer_ids"):
            if name in input:
                setattr(scene, name, input[name])
        scene.updated_at = now()
        return answers(info).scene(input["id"])

    @mutation.field("sceneAssignFile")
    def scene_assign_file(_: None, info: Any, input: dict[str, str]) -> bool:  # noqa: A002
        scene = _known(library.scenes, "scene", input["scene_id"])
        for other in library.scenes.values():
            for file in other.files[1:]:
                if file.id == input["file_id"]:
                    other.files.remove(file)
                    scene.files.append(file)
                    return True
        raise GraphQLError(f"file {input['file_id']} is primary or not found")

    @mutation.field("deleteFiles")
    def delete_files(_: None, info: Any, ids: list[str]) -> bool:
        files = {file.id: (file, scene) for scene in library.scenes.values() for file in scene.files}
        for file_id in ids:
            if file_id not in files:
                raise GraphQLError(f"file with id {file_id} not found")
            file, scene = files[file_id]
            if scene.files[0] is file:
                raise GraphQLError(f"cannot delete primary file {file.path}")
        for file, scene in (files[file_id] for file_id in ids):
            scene.files.remove(file)
            scene.updated_at = now()
        return True

    @mutation.field("performerUpdate")
    def performer_update(_: None, info: Any, input: dict[str, Any]) -> Any:  # noqa: A002
        change = dict(input)
        performer = _known(library.performers, "performer", change.pop("id"))
        _check(library, performer, change)
        if "stash_ids" in change:
            change["stash_ids"] = [(known["endpoint"], known["stash_id"]) for known in change["stash_ids"]]
        links = {name: change.pop(name) for name in ("url", "twitter", "instagram") if name in change}
        if links:
            single: dict[str, str | None] = single_links(performer.urls) | links
            change["urls"] = [link for link in single.values() if link]
        for name, value in change.items():
            setattr(performer, name, value)
        performer.updated_at = now()
        return answers(info).performer(input["id"])

    @mutation.field("performersDestroy")
    def performers_destroy(_: None, info: Any, ids: list[str]) -> bool:
        for performer_id in ids:
            _known(library.performers, "performer", performer_id)
        for performer_id in ids:
            del library.performers[performer_id]
        for content in (library.scenes, library.images, library.galleries):
            for item in content.values():
                item.performer_ids[:] = [known for known in item.performer_ids if known not in ids]
        return True

    @mutation.field("configurePlugin")
    def configure_plugin(_: None, info: Any, plugin_id: str, input: dict[str, Any]) -> Any:  # noqa: A002
        library.plugins[plugin_id] = input
        return input

    return mutation


def _bulk(library: StashLibrary, kind: str, plural: str, answers: Callable[[Any], Answers]) -> Any:
    def resolve(_: None, info: Any, input: dict[str, Any]) -> Any:  # noqa: A002
        content = getattr(library, plural)
        chosen = [(object_id, _known(content, kind, object_id)) for object_id in input.get("ids") or ()]
        change = input.get("performer_ids")
        for performer_id in (change or {}).get("ids") or ():
            if performer_id not in library.performers:
                raise GraphQLError("FOREIGN KEY constraint failed")
        for _, item in chosen:
            if change:
                item.performer_ids[:] = _changed(item.performer_ids, change["ids"] or [], change["mode"])
            item.updated_at = now()
        return [getattr(answers(info), kind)(object_id) for object_id, _ in chosen]

    return resolve


def _changed(have: list[str], ids: list[str], mode: str) -> list[str]:
    if mode == "SET":
        return list(ids)
    kept = [known for known in have if known not in ids]
    return kept if mode == "REMOVE" else [*have, *(new for new in ids if new not in have)]


def _known(objects: dict[str, Any], kind: str, object_id: str) -> Any:
    try:
        return objects[number(object_id)]
    except KeyError:
        raise GraphQLError(f"{kind} with id {object_id} not found") from None


def _check(library: StashLibrary, performer: StashPerformer, change: dict[str, Any]) -> None:
    """What Stash checks before it changes a performer."""
    name = change.get("name", performer.name)
    apart = change.get("disambiguation", performer.disambiguation) or ""
    if not name:
        raise GraphQLError("performer name must not be blank")
    for other in library.performers.values():
        same = (other.name.lower(), other.disambiguation or "") == (name.lower(), apart)
        if other is not performer and same and {"name", "disambiguation"} & change.keys():
            raise GraphQLError(f"performer with name '{name}' already exists")
    if {"name", "alias_list"} & change.keys():
        seen = {name.lower()}
        for alias in change.get("alias_list", performer.alias_list):
            if alias.lower() in seen:
                raise GraphQLError(f"performer contains duplicate alias '{alias}'")
            seen.add(alias.lower())
