"""One table about a server, whatever state it is in; nothing changes by asking."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.play import Play
from support.unraid import UnraidServer

from .switching import TEMPLATE


@pytest.fixture(scope="module", autouse=True)
def _as_described(server: UnraidServer, deployment: Play) -> None:
    """Whatever other files' tests have deployed to it."""
    play = server.play("deploy")
    assert play.status == 0, play.output


def status(server: UnraidServer, tmp_path: Path) -> tuple[Play, dict[str, Any]]:
    file = tmp_path / "status.json"
    play = server.play("status", status_file=str(file))
    assert (play.status, play.changed) == (0, 0), play.output
    report: dict[str, Any] = json.loads(file.read_text())
    return play, report


def test_it_tells_what_runs_since_when_and_in_what_it_is_another_than_it_should_be(
    deployed: UnraidServer, api_key: str, tmp_path: Path
) -> None:
    before = deployed.state()
    play, report = status(deployed, tmp_path)
    assert deployed.state() == before
    assert report["ready"] is True
    assert report["container"]["image_id"] == deployed.sidecar.attrs["Image"]
    assert [release["current"] for release in report["releases"]][-1] is True
    assert report["drift"] == {"template and inventory": [], "container and template": [], "record": []}
    assert report["disk"]["free"] > 0
    assert report["lock"] == {}
    assert "ready, runs since" in play.output
    assert api_key not in play.output + json.dumps(report)


def test_a_changed_inventory_and_a_container_that_is_down_are_told(
    deployed: UnraidServer, tmp_path: Path
) -> None:
    deployed.sidecar.stop()
    try:
        file = tmp_path / "status.json"
        play = deployed.play("status", status_file=str(file), stash_sense_rate_limit=9)
        assert (play.status, play.changed) == (0, 0), play.output
        report = json.loads(file.read_text())
        assert report["container"]["state"] == "exited"
        assert report["drift"]["template and inventory"] == ["Variable STASH_RATE_LIMIT"]
        assert "playbooks/deploy.yml starts it" in " ".join(play.output.split())
    finally:
        deployed.sidecar.start()
        deployed.wait_until_ready()


def test_a_stopped_engine_is_told_with_what_can_be_known_without_it(
    deployed: UnraidServer, tmp_path: Path
) -> None:
    deployed.sh("/etc/rc.d/rc.docker stop")
    try:
        play, report = status(deployed, tmp_path)
    finally:
        deployed.sh("/etc/rc.d/rc.docker start")
        deployed.wait_until_up()
        deployed.wait_until_ready()
    assert "no Docker engine answers" in " ".join(play.output.split())
    assert report["container"]["state"] == "unknown"
    assert len(report["releases"]) > 0


def test_a_program_gets_one_line_of_json(deployed: UnraidServer) -> None:
    # Whatever somebody made of the template.
    deployed.sh(f"cp {TEMPLATE} /tmp/kept && echo '<Container><Name>stash-sense</Container>' > {TEMPLATE}")
    try:
        play = deployed.play("status", status_format="json")
    finally:
        deployed.sh(f"cp /tmp/kept {TEMPLATE} && rm /tmp/kept")
    assert (play.status, play.changed) == (0, 0), play.output
    (line,) = [line for line in play.output.splitlines() if line.startswith('{"engine"')]
    report = json.loads(line)
    assert report["ready"] is True
    (broken,) = report["drift"]["container and template"]
    assert broken.startswith("the template cannot be read: ")
