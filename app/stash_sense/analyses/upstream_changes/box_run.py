"""One run's look at one stash-box."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import anyio.to_thread

from stash_sense.analyses.base import AnalysisContext, Draft, Watermark
from stash_sense.analyses.upstream_changes.choice import Portion, next_mark, upstream_performers
from stash_sense.analyses.upstream_changes.diff import Change, changes, joined, still_open
from stash_sense.analyses.upstream_changes.linked import LinkedPerformer
from stash_sense.analyses.upstream_changes.pending import PendingChanges, pending_changes
from stash_sense.analyses.upstream_changes.places import BoxPlace, written
from stash_sense.analyses.upstream_changes.upstream import upstream_values
from stash_sense.library import upstream_snapshots
from stash_sense.library.upstream_snapshots import UpstreamSnapshot
from stash_sense.stash.objects.configuration import StashBox
from stash_sense.stashbox.box import StashBoxApi
from stash_sense.stashbox.instants import instant
from stash_sense.stashbox.objects import BoxPerformer

PERFORMER: Final = "performer"


@dataclass
class BoxRun:
    """Compares the performers of one box, recommends, and remembers what it has seen.

    Attributes:
        linked: Stash's performers by their id on the box.
        enabled: the fields that are compared.
        places: how far this run is on each box, or the interrupted one that it continues; kept up to date.
        before: performers of the boxes before this one.
    """

    context: AnalysisContext
    setting: StashBox
    linked: Mapping[str, Sequence[LinkedPerformer]]
    enabled: frozenset[str]
    places: dict[str, BoxPlace]
    before: int = 0
    _seen: dict[str, UpstreamSnapshot] = field(init=False, default_factory=dict)
    _pending: dict[str, PendingChanges] = field(init=False, default_factory=dict)
    _mark: Watermark = field(init=False, default_factory=Watermark)
    _place: BoxPlace = field(init=False, default_factory=BoxPlace)
    _newest: str | None = field(init=False, default=None)
    _put_off: set[str] = field(init=False, default_factory=set)
    _done: int = field(init=False, default=0)

    async def start(self) -> None:
        """Read what is remembered of the box."""
        context, endpoint = self.context, self.setting.endpoint
        self._place = self.places.get(endpoint, self._place)
        self._newest, self._done = self._place.newest, self._place.done
        self._put_off = set(self._place.put_off)
        self._mark = await context.watermark(endpoint)
        self._seen = await context.library.reading(
            lambda connection: upstream_snapshots.of_endpoint(connection, PERFORMER, endpoint)
        )
        self._pending = await self._read_pending()

    async def compare(self, box: StashBoxApi) -> None:
        """Ask the box for what may have changed, and recommend what has. Raises StashBoxError."""
        async for portion in upstream_performers(box, self.linked, self._seen, self._mark, self._place):
            drafts: list[Draft] = []
            snapshots: list[UpstreamSnapshot] = []
            for box_id, performer in portion.found.items():
                self._note_time(performer.updated)
                if not performer.deleted:
                    self._compare_one(box_id, performer, drafts, snapshots)
            await self._keep(drafts, snapshots)
            # The box may have failed to give these; those that were never seen are asked for in any case.
            missing = {*portion.asked} - portion.found.keys()
            self._put_off |= {performer_id for performer_id in missing if performer_id in self._seen}
            self._done = min(self._done + len(portion.asked), len(self.linked))
            await self._note_place(portion)

    async def finish(self) -> None:
        """Let go of what is settled in Stash by now, and note how far the box has been seen."""
        await self._settle()
        mark = next_mark(self._mark, self._newest, self._put_off)
        await self.context.set_watermark(mark, self.setting.endpoint)
        # Last: whoever goes on from here leaves the box out.
        self._done = len(self.linked)
        await self._note_place(None)

    async def _note_place(self, portion: Portion | None) -> None:
        """After a portion; None: after the last one."""
        if portion is None:
            self.places[self.setting.endpoint] = BoxPlace(done=self._done, ended=True)
        elif portion.after is not None:
            self.places[self.setting.endpoint] = BoxPlace(
                done=self._done,
                after=portion.after,
                looked=portion.looked,
                newest=self._newest,
                put_off=frozenset(self._put_off),
            )
        total = self.before + len(self.linked)
        await self.context.progress(self.before + self._done, total, cursor=written(self.places))

    def _compare_one(
        self, box_id: str, performer: BoxPerformer, drafts: list[Draft], snapshots: list[UpstreamSnapshot]
    ) -> None:
        upstream = upstream_values(performer)
        snapshot = self._seen.get(box_id)
        seen = None if snapshot is None else snapshot.data
        locals_ = self.linked[box_id]
        for local in locals_:
            new = changes(local.values, upstream, seen, self.enabled)
            if not new:
                continue
            waiting = self._pending.get(local.id)
            if waiting is not None and waiting.endpoint != self.setting.endpoint:
                # A performer has one recommendation at a time: this box's turn comes after the other's.
                self._put_off.add(box_id)
                return
            earlier = [] if waiting is None else self._open(waiting.changes, local, upstream)
            details = self._details(local, box_id, performer, joined(new, earlier))
            drafts.append(Draft(PERFORMER, local.id, details, reopens=seen is not None))
        # A field that is not compared keeps what was seen of it, for when it is compared again.
        kept = {name: value for name, value in (seen or {}).items() if name not in self.enabled}
        data = {name: value for name, value in upstream.items() if name in self.enabled} | kept
        snapshots.append(UpstreamSnapshot(box_id, locals_[0].id, data, performer.updated))

    async def _keep(self, drafts: list[Draft], snapshots: list[UpstreamSnapshot]) -> None:
        if drafts:
            # First: what is recommended twice does no harm, what is seen and not recommended is lost.
            await self.context.recommend_all(drafts)
        if snapshots:
            endpoint = self.setting.endpoint
            await self.context.library.writing(
                lambda connection: upstream_snapshots.save_all(connection, PERFORMER, endpoint, snapshots)
            )

    async def _settle(self) -> None:
        """Bring pending changes up to date with Stash; those that it has by now are resolved."""
        pending = await self._read_pending()
        drafts, settled = await anyio.to_thread.run_sync(self._drafts_and_settled, pending)
        if drafts:
            await self.context.recommend_all(drafts)
        if settled:
            await self.context.retire(PERFORMER, pending.keys() - settled)

    def _drafts_and_settled(self, pending: Mapping[str, PendingChanges]) -> tuple[list[Draft], set[str]]:
        locals_ = {local.id: local for performers in self.linked.values() for local in performers}
        drafts: list[Draft] = []
        settled: set[str] = set()
        for performer_id, waiting in pending.items():
            if waiting.endpoint != self.setting.endpoint:
                continue
            local = locals_.get(performer_id)
            left = [] if local is None else self._open(waiting.changes, local)
            if not left:
                settled.add(performer_id)
            elif left != waiting.changes:
                details = {**waiting.details, "changes": [change.as_json() for change in left]}
                drafts.append(Draft(PERFORMER, performer_id, details))
        return drafts, settled

    def _open(
        self, pending: Iterable[Change], local: LinkedPerformer, upstream: Mapping[str, Any] | None = None
    ) -> list[Change]:
        enabled = (change for change in pending if change.field in self.enabled)
        return still_open(enabled, local.values, upstream)

    def _details(
        self, local: LinkedPerformer, box_id: str, performer: BoxPerformer, found: Iterable[Change]
    ) -> dict[str, Any]:
        return {
            "endpoint": self.setting.endpoint,
            "endpoint_name": self.setting.name,
            "stash_box_id": box_id,
            "performer_id": local.id,
            "performer_name": local.name,
            "performer_image_path": local.image_path,
            "upstream_updated_at": performer.updated,
            "changes": [change.as_json() for change in found],
        }

    def _note_time(self, updated: str | None) -> None:
        if self._place.newest is not None:
            # It continues an interrupted run. What the box has changed meanwhile about those whom that one
            # looked at is for the next run, so the mark must not pass what was seen before the stop.
            return
        if updated is not None and (self._newest is None or instant(updated) > instant(self._newest)):
            self._newest = updated

    async def _read_pending(self) -> dict[str, PendingChanges]:
        kind = self.context.type
        return await self.context.library.reading(lambda connection: pending_changes(connection, kind))
