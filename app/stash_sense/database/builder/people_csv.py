"""Who is to be in a database, from a CSV file: one line for each photo."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

from stash_sense.database.builder.people import BuildError, Person, made_up_id
from stash_sense.database.endpoints import Endpoint

REQUIRED_COLUMNS = ("person", "universal_id", "file")
OPTIONAL_COLUMNS = ("country", "image_url")


def people_of_csv(path: Path, photos: Path | None, endpoint: Endpoint) -> list[Person]:
    """The people of a CSV file with a heading line, in the order of their first photos.

    Args:
        path: UTF-8, columns ``person``, ``universal_id``, ``file``, and optionally ``country`` and
            ``image_url``. An empty universal id is made up from the name.
        photos: what relative files are relative to; None for the CSV's own folder.

    Raises:
        BuildError: not such a file, or lines that contradict each other; names the line.
    """
    folder = photos or path.parent
    people: dict[str, Person] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            _check_heading(path, reader.fieldnames)
            for row in reader:
                person = _person(f"{path}, line {reader.line_num}", row, folder, endpoint)
                people[person.universal_id] = _join(
                    f"{path}, line {reader.line_num}", people.get(person.universal_id), person
                )
    except OSError as error:
        raise BuildError(f"{path} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BuildError(f"{path} is not a UTF-8 CSV file: {error}; save it as one") from error
    if not people:
        raise BuildError(f"{path} has no lines below its heading; one for each photo is needed")
    return list(people.values())


def _check_heading(path: Path, heading: object) -> None:
    found = list(heading) if isinstance(heading, list) else []
    missing = [column for column in REQUIRED_COLUMNS if column not in found]
    if missing:
        raise BuildError(
            f"{path} has the columns {', '.join(map(str, found)) or '(none)'} in its first line; "
            f"{', '.join(missing)} missing; give {', '.join(REQUIRED_COLUMNS)} separated by commas"
        )


def _person(place: str, row: dict[str, str | None], folder: Path, endpoint: Endpoint) -> Person:
    cells = {name: (row.get(name) or "").strip() for name in (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)}
    for column in ("person", "file"):
        if not cells[column]:
            raise BuildError(f"{place}: {column} is empty; every line names a person and a file")
    person = Person(
        universal_id=cells["universal_id"] or made_up_id(cells["person"], endpoint),
        name=cells["person"],
        photos=(folder / cells["file"],),
        country=cells["country"] or None,
        image_url=cells["image_url"] or None,
    )
    try:
        known = person.endpoint
    except BuildError as error:
        raise BuildError(f"{place}: {error}") from None
    if not person.stashbox_id:
        raise BuildError(f"{place}: nothing stands behind {known.domain}: in the universal id; add the id")
    return person


def _join(place: str, known: Person | None, person: Person) -> Person:
    if known is None:
        return person
    if known.name != person.name:
        raise BuildError(
            f"{place}: {person.universal_id} is {person.name!r} here and {known.name!r} above; "
            "one universal id is one person"
        )
    return replace(
        known,
        photos=known.photos + person.photos,
        country=known.country or person.country,
        image_url=known.image_url or person.image_url,
    )
