"""``stash-sense check-database``: are these data files fit to be used?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from stash_sense.cli.console import plain_console
from stash_sense.database.check import Finding, check_directory
from stash_sense.database.files import active_directory

_STYLES = {"ok": "green", "failed": "bold red", "warning": "yellow", "absent": "dim"}


def check_database(
    directory: Annotated[Path, typer.Argument(help="Folder of the data files, or of `current` with them.")],
    checksums: Annotated[bool, typer.Option(help="Compare each file with the manifest's sha256.")] = True,
) -> None:
    """Validate a recognition database: one line a file, and exit status 1 when it cannot be used."""
    directory = active_directory(directory)
    findings = check_directory(directory, verify_checksums=checksums)
    console = plain_console()
    console.print(_table(findings))
    failed = len({finding.file for finding in findings if finding.state == "failed"})
    verdict = f"{failed} files cannot be used" if failed != 1 else "1 file cannot be used"
    typer.echo(f"{directory}: {verdict if failed else 'fit to be used'}")
    raise typer.Exit(1 if failed else 0)


def _table(findings: list[Finding]) -> Table:
    table = Table("file", "state", "reason", box=None, pad_edge=False)
    for finding in findings:
        # Text: reasons quote other people's data, which may look like markup.
        table.add_row(Text(finding.file), Text(finding.state, _STYLES[finding.state]), Text(finding.reason))
    return table
