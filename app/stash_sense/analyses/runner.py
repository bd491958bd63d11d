"""Runs analyses in the background, one of a kind at a time, and takes up what a stop has interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from stash_sense.analyses import claims
from stash_sense.analyses.base import Analysis, AnalysisContext
from stash_sense.analyses.claims import Claim
from stash_sense.analyses.patience import Patience
from stash_sense.library import analysis_runs, jobs, owners
from stash_sense.library.errors import StoreError
from stash_sense.library.jobs import JobStatus, JobTakenError
from stash_sense.library.library import Library
from stash_sense.stash.client import StashClient, StashError, StashUnavailable
from stash_sense.stashbox.errors import StashBoxError

logger = logging.getLogger(__name__)


class UnknownAnalysisError(Exception):
    """There is no analysis of that type; the message names those that there are."""


@dataclass(frozen=True)
class Started:
    """A run, and whether it was going on already."""

    run_id: int
    already: bool


class AnalysisRunner:
    """One task for each analysis at most. For use from one event loop."""

    def __init__(
        self,
        analyses: Sequence[Analysis],
        stash: StashClient,
        library: Library,
        patience: Callable[[], Patience] = Patience,
    ) -> None:
        self._analyses = {analysis.type: analysis for analysis in analyses}
        self._stash = stash
        self._library = library
        self._patience = patience
        self._tasks: dict[str, asyncio.Task[None]] = {}
        # From a claim to its task nobody else may look.
        self._claiming = asyncio.Lock()

    @property
    def analyses(self) -> tuple[Analysis, ...]:
        return tuple(self._analyses.values())

    async def start(self, kind: str, *, full: bool) -> Started:
        """Begin a run, or find the one that goes on. Raises UnknownAnalysisError, StoreError."""
        if kind not in self._analyses:
            known = ", ".join(self._analyses)
            raise UnknownAnalysisError(f"there is no analysis {kind!r}; expected one of: {known}")
        mine = self._library.owner

        def take(connection: Connection) -> Claim | int:
            return claims.take(connection, kind, mine, self._at_work(connection, kind), full=full)

        async with self._claiming:
            claim = await self._library.writing(take)
            if isinstance(claim, int):
                return Started(claim, already=True)
            self._begin(kind, claim)
            return Started(claim.run_id, already=False)

    async def resume(self) -> None:
        """Take up what was interrupted. Raises StoreError."""
        mine = self._library.owner
        for kind in self._analyses:

            def take_up(connection: Connection, kind: str = kind) -> Claim | None:
                return claims.take_up(connection, kind, mine, self._at_work(connection, kind))

            async with self._claiming:
                claim = await self._library.writing(take_up)
                if claim is not None:
                    logger.info("%s was interrupted: run %d goes on", kind, claim.run_id)
                    self._begin(kind, claim)

    async def stop(self) -> None:
        """Interrupt what runs; the next start takes it up."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _at_work(self, connection: Connection, kind: str) -> set[int]:
        return owners.at_work(connection, self._library.owner, here=kind in self._tasks)

    def _begin(self, kind: str, claim: Claim) -> None:
        task = asyncio.get_running_loop().create_task(self._work(self._analyses[kind], claim))
        self._tasks[kind] = task
        task.add_done_callback(lambda ended: self._forget(kind, ended))

    def _forget(self, kind: str, ended: asyncio.Task[None]) -> None:
        # The next one may have begun already.
        if self._tasks.get(kind) is ended:
            del self._tasks[kind]

    async def _work(self, analysis: Analysis, claim: Claim) -> None:
        context = AnalysisContext(
            analysis.type, claim.run_id, self._stash, self._library, full=claim.full, cursor=claim.cursor
        )
        try:
            await self._run_patiently(analysis, context, claim.furthest)
        except JobTakenError:
            logger.warning("%s: another sidecar has taken run %d over", analysis.type, claim.run_id)
        except StoreError as error:
            # Nowhere to write it to; the next start of this analysis finds its run left over.
            logger.error("%s: run %d ends: %s", analysis.type, claim.run_id, error)
        else:
            logger.info("%s: run %d: %d recommended", analysis.type, claim.run_id, context.created)

    async def _run_patiently(self, analysis: Analysis, context: AnalysisContext, furthest: int) -> None:
        """Run it to its end, which is written down, whatever it is."""
        patience = self._patience()

        def reported(connection: Connection) -> None:
            nonlocal furthest
            # Beginning anew again and again is no progress.
            if context.processed > furthest:
                furthest = context.processed
                jobs.note(connection, analysis.type, self._library.owner, {"processed": furthest})
                patience.renew()

        context.reported = reported
        while True:
            try:
                await analysis.run(context)
            except (StashUnavailable, StoreError) as error:
                if patience.wears_out(error):
                    await self._fail(context, str(error))
                    return
                await self._say_why_it_waits(context, str(error))
                await patience.wait()
            except JobTakenError:
                raise
            except (StashError, StashBoxError) as error:
                # Foreseen: its sentence says it all.
                logger.error("%s: run %d failed: %s", analysis.type, context.run_id, error)
                await self._fail(context, str(error))
                return
            except Exception as error:  # an analysis must not take the sidecar with it
                logger.exception("%s: run %d failed", analysis.type, context.run_id)
                await self._fail(context, str(error) or type(error).__name__)
                return
            else:
                await self._complete(context)
                return

    async def _say_why_it_waits(self, context: AnalysisContext, reason: str) -> None:
        logger.warning("%s: run %d waits: %s", context.type, context.run_id, reason)
        # It may be the library that it waits for.
        with contextlib.suppress(StoreError):
            await self._library.writing(
                lambda connection: analysis_runs.waiting(connection, context.run_id, reason)
            )

    async def _complete(self, context: AnalysisContext) -> None:
        def complete(connection: Connection) -> None:
            analysis_runs.complete(connection, context.run_id, context.created)
            self._end(connection, context, "completed")

        await self._library.writing(complete)

    async def _fail(self, context: AnalysisContext, reason: str) -> None:
        def fail(connection: Connection) -> None:
            analysis_runs.fail(connection, context.run_id, reason)
            self._end(connection, context, "error")

        await self._library.writing(fail)

    def _end(self, connection: Connection, context: AnalysisContext, status: JobStatus) -> None:
        jobs.end(connection, context.type, self._library.owner, status)
