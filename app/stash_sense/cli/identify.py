"""``stash-sense identify``: names for pictures on disk, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stash_sense.cli.logs import configure_quiet_logging
from stash_sense.database.files import active_directory
from stash_sense.database.load import DatabaseError, load_database
from stash_sense.media.decode import ImageError, ImageLimits, decode_image
from stash_sense.recognition.engine import load_engine
from stash_sense.recognition.recogniser import IdentifiedFace, Query
from stash_sense.recognition.recogniser import identify as identify_image
from stash_sense.settings import Settings


def identify(
    files: Annotated[list[Path], typer.Argument(help="Pictures to look at.")],
    max_distance: Annotated[float, typer.Option(min=0, max=2)] = 0.6,
) -> None:
    """Name the people in pictures: one line a face, left to right."""
    settings = Settings.from_environment()
    configure_quiet_logging(settings.log_level)
    limits = ImageLimits(settings.max_image_bytes, settings.max_image_pixels)
    try:
        database = load_database(active_directory(settings.data_dir))
    except DatabaseError as error:
        typer.echo(f"stash-sense: {error}", err=True)
        raise typer.Exit(2) from None
    engine = load_engine(settings)
    failed = False
    for path in files:
        try:
            image = decode_image(path.read_bytes(), limits)
        except (ImageError, OSError) as error:
            typer.echo(f"{path}: {error}", err=True)
            failed = True
            continue
        faces = identify_image(engine.pipeline, database, image, Query(top_k=1, max_distance=max_distance))
        typer.echo(f"{path}: {len(faces)} face{'' if len(faces) == 1 else 's'}")
        for face in faces:
            typer.echo(f"  {_line(face)}")
    raise typer.Exit(1 if failed else 0)


def _line(found: IdentifiedFace) -> str:
    x1, y1, x2, y2 = (round(value) for value in found.face.box)
    place = f"({x1}, {y1})-({x2}, {y2})"
    if not found.matches:
        return f"{place} nobody known"
    match = found.matches[0]
    return f"{place} {match.performer.name} (distance {match.candidate.distance:.2f})"
