"""What an analysis is, and what it is given to work with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence, Set
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from sqlalchemy import Connection

from stash_sense.library import analysis_runs, recommendations, watermarks
from stash_sense.library.library import Library
from stash_sense.library.recommendations import Draft, Outcome
from stash_sense.library.watermarks import Watermark
from stash_sense.stash.client import Priority, StashClient
from stash_sense.stash.paging import Identified, Page, all_items

__all__ = ["Analysis", "AnalysisContext", "Draft", "Outcome", "Watermark"]


_ROWS_AT_ONCE: Final = 1000
"""Whoever else wants to write waits for so many at most."""


class Analysis(Protocol):
    """Looks through Stash, or through what is remembered, and recommends.

    ``run`` may be called again: for the same run, after Stash was away, and for one that goes on with what a
    stop has interrupted. Recommending twice does no harm. Only ``upstream_performer_changes`` then goes on at
    ``context.cursor``: each of its steps waits for a stash-box's rate. The others begin anew on purpose. What
    they read, which takes a few minutes, they compare with all the rest, and what they end with,
    ``context.retire``, has to know of every cause.

    It is cancelled as any task is, at any ``await``. Whatever else it raises fails the run, with the error's
    text.
    """

    @property
    def type(self) -> str:
        """The name that recommendations and runs bear."""

    @property
    def description(self) -> str:
        """One sentence for the person who may start it."""

    async def run(self, context: AnalysisContext) -> None:
        """Do it once."""


@dataclass
class AnalysisContext:
    """One run of an analysis: what it may use, and where it reports to.

    Attributes:
        type: the analysis's.
        run_id: of the row in ``analysis_runs``.
        full: whether watermarks are to be ignored.
        cursor: where an analysis that can go on goes on: what it last gave to ``progress``, in this run or in
            the interrupted one that this continues; None to begin at the beginning.
        priority: for every call to Stash.
        created: recommendations that are new, or pending again, so far.
        processed: items so far.
        reported: called with each progress, in the transaction that notes it.
    """

    type: str
    run_id: int
    stash: StashClient
    library: Library
    full: bool = False
    cursor: str | None = None
    priority: Priority = Priority.BACKGROUND
    created: int = 0
    processed: int = 0
    reported: Callable[[Connection], None] = lambda _: None

    async def progress(self, processed: int, total: int | None = None, *, cursor: str | None = None) -> None:
        """Note how far it is: items done, of how many if that is known, and where it can go on from.

        Costs a transaction: once for each page, not for each item. Raises StoreError, and JobTakenError when
        another sidecar has taken the run over.
        """
        if cursor is not None:
            self.cursor = cursor
        self.processed = processed
        created, place = self.created, self.cursor

        def note(connection: Connection) -> None:
            analysis_runs.note(
                connection, self.run_id, processed=processed, total=total, created=created, cursor=place
            )
            self.reported(connection)

        await self.library.writing(note)

    async def every(
        self, page_of: Callable[[int, int, Priority], Awaitable[Page[Identified]]]
    ) -> AsyncIterator[Identified]:
        """All items of a list of Stash, page by page; notes how far it is.

        Args:
            page_of: fetches a page, given its number from 1, its size, and how urgent it is.
        """
        total = 0

        async def page(number: int, size: int) -> Page[Identified]:
            nonlocal total
            got = await page_of(number, size, self.priority)
            total = got.total
            await self.progress(min((number - 1) * size, total), total)
            return got

        async for item in all_items(page):
            yield item
        await self.progress(total, total)

    async def recommend(self, draft: Draft) -> Outcome:
        """Recommend one target; says what became of it, see ``Outcome``."""
        (outcome,) = await self.recommend_all((draft,))
        return outcome

    async def recommend_all(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """Recommend many in few transactions, which take hardly longer than one."""
        outcomes: list[Outcome] = []
        for start in range(0, len(drafts), _ROWS_AT_ONCE):
            some = drafts[start : start + _ROWS_AT_ONCE]
            outcomes += await self.library.writing(
                partial(recommendations.recommend_all, analysis=self.type, drafts=some, run_id=self.run_id)
            )
        self.created += sum(outcome is Outcome.CREATED for outcome in outcomes)
        return outcomes

    async def retire(self, target_type: str, causes: Set[str]) -> int:
        """Resolve the pending recommendations whose cause has gone; gives their number.

        For the end of a pass that has looked at everything. Nobody wants to merge what is merged already;
        the recommendation stays listed as resolved, and comes back when the cause does.

        Args:
            causes: ids of the targets that are still to be recommended.
        """
        gone = await self.library.reading(
            lambda connection: recommendations.without_cause(connection, self.type, target_type, causes)
        )
        retired = 0
        for start in range(0, len(gone), _ROWS_AT_ONCE):
            some = gone[start : start + _ROWS_AT_ONCE]
            retired += await self.library.writing(partial(recommendations.retire, numbers=some))
        return retired

    async def watermark(self, key: str = "") -> Watermark:
        """What the last run left for this one; empty on a first run and on a full one.

        Args:
            key: for an analysis that has several: the stash-box's endpoint, say.
        """
        if self.full:
            return Watermark()
        return await self.library.reading(
            lambda connection: watermarks.find(connection, watermarks.name(self.type, key))
        )

    async def set_watermark(self, watermark: Watermark, key: str = "") -> None:
        """Leave something for the next run; ``last_completed_at`` becomes now."""
        await self.library.writing(
            lambda connection: watermarks.save(connection, watermarks.name(self.type, key), watermark)
        )
