"""The key of Stash stays with Stash, whatever the plugin asks for."""

from __future__ import annotations

import contextlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.contract.plugin import Plugin
from tests.contract.world import API_KEY, BOX_KEY, TWO_PEOPLE, TWO_PEOPLE_SCENE
from tests.support.sidecar import RunningSidecar
from tests.support.stash_server import StashServer

KEYS = (API_KEY, BOX_KEY)


def test_no_command_line_has_the_key_while_a_film_is_looked_into(
    plugin: Plugin, sidecar: RunningSidecar, stash: StashServer
) -> None:
    stash.faults.slow_seconds, stash.faults.path, stash.faults.times = 0.1, "/scene/", 20
    lines: set[str] = set()
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(plugin.post, "/identify/scene", {"scene_id": TWO_PEOPLE_SCENE, "num_frames": 8})
        while not answer.done():
            lines |= command_lines()
            time.sleep(0.02)
    assert answer.result()["persons"]
    assert any("stash_sense" in line for line in lines)
    assert not any(key in line for key in KEYS for line in lines)


def command_lines() -> set[str]:
    """Of every process on this machine."""
    lines = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        # Processes end meanwhile.
        with contextlib.suppress(OSError):
            lines.add(path.read_bytes().decode(errors="replace"))
    return lines


def test_the_key_travels_in_the_header_only_and_to_stash_only(plugin: Plugin, stash: StashServer) -> None:
    stash.requests.clear()
    plugin.post("/identify/scene", {"scene_id": TWO_PEOPLE_SCENE, "num_frames": 5})
    plugin.post("/identify/image", {"image_id": TWO_PEOPLE})
    assert {request.headers.get("apikey") for request in stash.requests} == {API_KEY}
    assert not any(API_KEY in request.path + request.query for request in stash.requests)
    assert not any(API_KEY in json.dumps(request.variables) for request in stash.requests)


def test_no_answer_has_the_key_even_when_stash_says_it(plugin: Plugin, stash: StashServer) -> None:
    stash.faults.graphql_error = f"cannot do that with ApiKey {API_KEY}"
    said = plugin.refusal("POST", "/identify/image", json={"image_id": TWO_PEOPLE})
    assert "ApiKey ***" in said.detail
    status = plugin.get("/recommendations/stash/status")
    stash.faults = type(stash.faults)()
    answers = [
        status,
        *(plugin.get(path) for path in ("/health", "/database/info", "/recommendations/stash/status")),
        plugin.get("/openapi.json"),
        plugin.get("/recommendations/settings"),
    ]
    assert not any(key in json.dumps(answer) for key in KEYS for answer in answers)
