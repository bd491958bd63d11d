from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from stash_sense.analyses.upstream_changes.analysis import UpstreamPerformerChanges
from stash_sense.library.library import Library
from stash_sense.stash.client import StashClient
from stash_sense.stashbox.boxes import StashBoxes
from tests.analyses.upstream_changes.world import QUICK, World
from tests.support.analysis_trial import Trial
from tests.support.stash_server import StashBoxSetting, StashServer, stash_running
from tests.support.stashbox_server import StashBoxServer, stashbox_running


@pytest.fixture(scope="package")
def servers() -> Iterator[tuple[StashServer, StashBoxServer, StashBoxServer]]:
    with stash_running() as stash, stashbox_running("key-a") as box, stashbox_running("key-b") as second:
        yield stash, box, second


@pytest.fixture
async def world(
    servers: tuple[StashServer, StashBoxServer, StashBoxServer], tmp_path: Path
) -> AsyncIterator[World]:
    stash, box, second = servers
    stash.reset(None)
    for server in (box, second):
        server.reset()
    stash.stash_boxes = [StashBoxSetting(box.endpoint, "First", box.api_key)]
    client, library, boxes = StashClient(stash.url, None, 500), Library(tmp_path), StashBoxes(QUICK)
    yield World(stash, box, second, Trial(UpstreamPerformerChanges(boxes), client, library))
    await boxes.aclose()
    await client.aclose()
    await library.stop()
