"""The proportions that a database knows of its performers."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from stash_sense.database import files
from stash_sense.database.findings import one_line
from stash_sense.database.load import FaceDatabase
from stash_sense.database.performers_db import read_shoulder_hip_ratios

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProportionsTable:
    """Shoulder/hip ratios by universal id; when there are none, why."""

    ratios: Mapping[str, float]
    problem: str | None = None


def read_table(database: FaceDatabase) -> ProportionsTable:
    """Read ``performers.db`` of a database. Does not raise: a problem costs this signal, nothing else."""
    try:
        found = read_shoulder_hip_ratios(database.directory / files.PERFORMERS_DB)
    except (OSError, sqlite3.Error) as error:
        problem = f"{files.PERFORMERS_DB} has no body proportions that can be read: {one_line(error)}"
        logger.warning("body signal: %s", problem)
        return ProportionsTable({}, problem)
    # The ids that the database holds anyway; a copy of each would cost megabytes.
    ratios = {known: found[known] for known in database.performers if known in found}
    if not ratios:
        return ProportionsTable({}, f"{files.PERFORMERS_DB} has no body proportions of anybody")
    return ProportionsTable(ratios)
