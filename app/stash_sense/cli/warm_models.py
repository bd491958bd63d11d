"""``stash-sense warm-models``: load every model and run it once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stash_sense.cli.logs import configure_logging
from stash_sense.inference.manifest import load_manifest
from stash_sense.inference.sessions import CPU
from stash_sense.recognition.engine import load_embedders, load_engine
from stash_sense.recognition.golden import golden_vectors
from stash_sense.settings import Settings


def warm_models(
    write_golden: Annotated[
        Path | None,
        typer.Option(
            help="Run the embedding models on the CPU and record their vectors of the bundled portrait here "
            "(a file); the detector is not needed. For the image's build."
        ),
    ] = None,
) -> None:
    """Fetch the detector when it is missing, load every model, run it once, and say where it runs."""
    settings = Settings.from_environment()
    configure_logging(settings.log_level)
    if write_golden is not None:
        embedders = load_embedders(settings, load_manifest(settings.models_dir), [CPU])
        golden = golden_vectors(embedders.models, embedders.hashes)
        write_golden.write_text(golden.model_dump_json() + "\n", "utf-8")
        typer.echo(f"{write_golden}: reference vectors of {', '.join(golden.vectors)}")
        return
    engine = load_engine(settings)
    for state in engine.states:
        typer.echo(f"{state.model}: {state.provider}")
    typer.echo(f"golden query: {engine.golden.reason}")
    if not engine.golden.ok:
        raise typer.Exit(1)
