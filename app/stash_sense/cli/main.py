"""The commands of ``stash-sense``."""

from __future__ import annotations

import sys

import typer

from stash_sense import __version__
from stash_sense.cli.backup import backup_database, restore_database
from stash_sense.cli.build_database import build_database
from stash_sense.cli.check_database import check_database
from stash_sense.cli.identify import identify
from stash_sense.cli.serve import serve
from stash_sense.cli.warm_models import warm_models
from stash_sense.inference.manifest import ModelError
from stash_sense.settings import SettingsError

app = typer.Typer(
    name="stash-sense",
    help="Recognises the performers in a Stash library by their faces.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _command in (
    serve,
    check_database,
    build_database,
    identify,
    warm_models,
    backup_database,
    restore_database,
):
    app.command()(_command)


@app.callback(invoke_without_command=True)
def _options(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """Run the command; a problem that its owner can mend is one line and exit status 2."""
    try:
        app()
    except (SettingsError, ModelError) as error:
        sys.stderr.write(f"stash-sense: {error}\n")
        raise SystemExit(2) from None
