"""Films on a real server that checks its key and serves ranges, as Stash does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from stash_sense.media.video.film import Film
from stash_sense.media.video.source import open_video
from stash_sense.media.video.stop import Stop
from tests.support.stash_server import StashFile, StashScene, StashServer

KEY = "sk-9e1d-not-for-anybody"

Opener = Callable[..., AbstractContextManager[Film]]


@pytest.fixture
def server(running_stash: StashServer) -> StashServer:
    """It wants a key."""
    running_stash.reset(KEY)
    return running_stash


def stream_of(server: StashServer, path: Path) -> httpx.URL:
    """The address of the film, which the server has from now on."""
    server.scenes["1"] = StashScene(files=[StashFile("11", content=path)])
    return httpx.URL(f"{server.url}/scene/1/stream")


@pytest.fixture
def opened(server: StashServer) -> Opener:
    """Open the film of a file by HTTP."""

    def opener(
        path: Path, seconds: float | None = None, stop: Stop | None = None
    ) -> AbstractContextManager[Film]:
        return open_video(stream_of(server, path), {"ApiKey": KEY}, seconds, stop or Stop(60))

    return opener
