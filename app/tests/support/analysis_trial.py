"""One run of an analysis against a test's Stash, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from stash_sense.analyses.base import Analysis, AnalysisContext
from stash_sense.library import analysis_runs, dismissals
from stash_sense.library.library import Library
from stash_sense.library.recommendation import Recommendation
from stash_sense.library.schema import recommendations
from stash_sense.stash.client import StashClient


@dataclass(frozen=True)
class Trial:
    """An analysis, the Stash it looks at, and where it keeps what it finds."""

    analysis: Analysis
    stash: StashClient
    library: Library

    async def run(self, *, full: bool = False) -> AnalysisContext:
        """Do it once; gives the context, which tells how far it came."""
        kind = self.analysis.type
        number = await self.library.writing(lambda connection: analysis_runs.begin(connection, kind))
        context = AnalysisContext(kind, number, self.stash, self.library, full=full)
        await self.analysis.run(context)
        return context

    async def found(self, status: str = "pending") -> dict[str, Recommendation]:
        """Its recommendations with this status, by target."""

        def read(connection: Connection) -> dict[str, Recommendation]:
            names = Recommendation.__dataclass_fields__
            query = select(*(recommendations.c[name] for name in names)).where(
                recommendations.c.type == self.analysis.type, recommendations.c.status == status
            )
            return {row.target_id: Recommendation(**row._mapping) for row in connection.execute(query)}

        return await self.library.reading(read)

    async def dismiss(self, target_type: str, target_id: str, *, permanent: bool) -> None:
        """As the user does."""
        table, kind = recommendations, self.analysis.type

        def write(connection: Connection) -> None:
            dismissals.save(connection, kind, target_type, target_id, reason=None, permanent=permanent)
            connection.execute(
                table.update()
                .where(table.c.type == kind, table.c.target_id == target_id)
                .values(status="dismissed")
            )

        await self.library.writing(write)
