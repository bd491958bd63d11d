"""Logging of the command line: one line an event, to standard error."""

from __future__ import annotations

import logging

import onnxruntime

_ORT_FATAL = 4


def configure_logging(level: str) -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=level)
    # httpx logs whole addresses, and an address may carry an API key.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    if level != "DEBUG":
        # Without a GPU it prints several lines a session about CUDA; /ready says it in one.
        onnxruntime.set_default_logger_severity(_ORT_FATAL)


def configure_quiet_logging(level: str) -> None:
    """For commands whose output is their result: the service's running commentary stays away."""
    configure_logging("WARNING" if level == "INFO" else level)
