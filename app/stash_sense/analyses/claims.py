"""Whose an analysis is: taken in one transaction, so that nobody who shares the database takes it too."""

from __future__ import annotations

import logging
from collections.abc import Set
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from stash_sense.library import analysis_runs, jobs
from stash_sense.library.jobs import Job

logger = logging.getLogger(__name__)

MOST_RESUMED: Final = 3
"""So often work is taken up without having got any further: it may be what ends the sidecar."""

INTERRUPTED: Final = "interrupted: the sidecar stopped"


@dataclass(frozen=True)
class Claim:
    """A run that is this sidecar's to do.

    Attributes:
        cursor: where the interrupted run that it continues got to.
        furthest: how many items that one had done.
    """

    run_id: int
    full: bool
    cursor: str | None = None
    furthest: int = 0


def take(connection: Connection, kind: str, owner: int, alive: Set[int], *, full: bool) -> Claim | int:
    """A new run; or the id of the one that somebody is at."""
    job = jobs.lock(connection, kind)
    if job.run_id is not None and job.at_work(alive):
        return job.run_id
    _fail_left_over(connection, job)
    return _begin(connection, kind, owner, Claim(0, full), resumed=0)


def take_up(connection: Connection, kind: str, owner: int, alive: Set[int]) -> Claim | None:
    """A run that goes on where a stop has interrupted the last one; None when it has not."""
    job = jobs.lock(connection, kind)
    if not job.interrupted(alive):
        return None
    cursor = _fail_left_over(connection, job)
    if job.resumed >= MOST_RESUMED:
        logger.error("%s was interrupted %d times and is given up", kind, job.resumed + 1)
        jobs.set_status(connection, kind, "error")
        return None
    claim = Claim(0, bool(job.config.get("full", False)), cursor, int(job.progress.get("processed", 0)))
    return _begin(connection, kind, owner, claim, resumed=job.resumed + 1)


def _begin(connection: Connection, kind: str, owner: int, claim: Claim, *, resumed: int) -> Claim:
    run_id = analysis_runs.begin(connection, kind, claim.cursor)
    jobs.begin(
        connection,
        kind,
        owner,
        config={"full": claim.full},
        progress={"processed": claim.furthest},
        run_id=run_id,
        resumed=resumed,
    )
    return replace(claim, run_id=run_id)


def _fail_left_over(connection: Connection, job: Job) -> str | None:
    """End the job's run if it has not ended; gives its cursor."""
    run = None if job.run_id is None else analysis_runs.find(connection, job.run_id)
    if run is None:
        return None
    if run.status == "running":
        analysis_runs.fail(connection, run.id, INTERRUPTED)
    return run.cursor
