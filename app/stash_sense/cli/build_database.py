"""``stash-sense build-database``: a recognition database from one's own photos."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from stash_sense.cli.console import progress_console
from stash_sense.cli.logs import configure_quiet_logging
from stash_sense.database.builder.build import BuildReport, build
from stash_sense.database.builder.people import BuildError, Person, people_of_folders
from stash_sense.database.builder.people_csv import people_of_csv
from stash_sense.database.endpoints import Endpoint
from stash_sense.media.limits import ImageLimits
from stash_sense.recognition.engine import load_engine
from stash_sense.settings import Settings


def build_database(
    out: Annotated[Path, typer.Option(help="Folder for the six files; made when it is not there.")],
    photos: Annotated[
        Path | None, typer.Option(help="Folder with a folder of photos for each person, named as the person.")
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            help="Instead: CSV with columns person, universal_id, file, and optionally country, image_url. "
            "Relative files are looked for in --photos, or beside the CSV."
        ),
    ] = None,
    endpoint: Annotated[
        Endpoint, typer.Option(help="Stash-box of the ids that are made up for people without one.")
    ] = Endpoint.STASHDB,
) -> None:
    """Make a recognition database from photos of people.

    People without a universal id are given a made-up one, always the same for the same name. A build that
    was stopped goes on where it was when the same command is given again. Photos that could not be used
    are listed at the end; exit status 1 when that leaves nobody.
    """
    try:
        people = _people(photos, csv, endpoint)
        _refuse_overlap(photos, out)
        report = _build(people, out)
    except (BuildError, OSError) as error:
        typer.echo(f"stash-sense: {error}", err=True)
        raise typer.Exit(2) from None
    _print(report, out)
    raise typer.Exit(0 if report.face_count else 1)


def _people(photos: Path | None, csv: Path | None, endpoint: Endpoint) -> list[Person]:
    if csv is not None:
        return people_of_csv(csv, photos, endpoint)
    if photos is None:
        raise BuildError("neither --photos nor --csv is given; one of them says who there is")
    return people_of_folders(photos, endpoint)


def _refuse_overlap(photos: Path | None, out: Path) -> None:
    if photos is not None and out.resolve().is_relative_to(photos.resolve()):
        raise BuildError(f"--out {out} lies in --photos {photos}, where it would be a person; give another")


def _build(people: list[Person], out: Path) -> BuildReport:
    settings = Settings.from_environment()
    configure_quiet_logging(settings.log_level)
    engine = load_engine(settings)
    if not engine.golden.ok:
        raise BuildError(f"the models do not give right answers here: {engine.golden.reason}")
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=progress_console()) as progress:
        task = progress.add_task("photos", total=sum(len(person.photos) for person in people))
        return build(
            people,
            out,
            source=engine.pipeline.analyse,
            model_hashes=engine.model_hashes,
            limits=ImageLimits(settings.max_image_bytes, settings.max_image_pixels),
            now=datetime.now(UTC),
            on_photo=lambda _: progress.advance(task),
        )


def _print(report: BuildReport, out: Path) -> None:
    if report.left_out:
        typer.echo(f"{len(report.left_out)} photos left out:")
        for photo in report.left_out:
            typer.echo(f"  {os.fsencode(photo.photo).decode(errors='replace')}: {photo.reason}")
    if report.absent:
        typer.echo(f"nobody to be found as: {', '.join(report.absent)}")
    if report.face_count:
        typer.echo(f"{out}: {report.performer_count} people, {report.face_count} faces")
    else:
        typer.echo(f"{out}: no database written, for no photo could be used")
