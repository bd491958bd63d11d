"""``stash-sense serve``: the HTTP service."""

from __future__ import annotations

import asyncio
import signal

import uvicorn

from stash_sense.application import create_sidecar
from stash_sense.cli.logs import configure_logging
from stash_sense.settings import Settings

# Kept short of the ten seconds after which Docker kills.
_GRACEFUL_SECONDS = 8


def serve() -> None:
    """Serve over HTTP until stopped. SIGHUP loads a new database beside the running one and swaps."""
    settings = Settings.from_environment()
    configure_logging(settings.log_level)
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    sidecar = create_sidecar(settings)
    config = uvicorn.Config(
        sidecar.app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        # An address in a query string may carry a key; what matters is logged by the routes themselves.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
    )
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, sidecar.service.reload_database)
    await uvicorn.Server(config).serve()
