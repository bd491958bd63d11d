"""What a person is told after a rollback."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.play import Play, playing

Sum = Callable[..., str]


def release(identity: str, port: str | None) -> dict[str, Any]:
    settings = {} if port is None else {"settings": {"port": port}}
    return {"id": identity, "deployed": {"image": "a:1", "data": "", **settings}}


@pytest.fixture
def sum_up(repository: Path, tmp_path: Path) -> Sum:
    """The summary of going back from one release to another."""

    def sum_up(now: dict[str, Any], target: dict[str, Any], *options: str, plugin: str = "") -> str:
        new = target | {"id": "new"}
        dry = "--check" in options
        variables = {
            "stash_sense_plugin": plugin,
            "release_target": target,
            "release_records": [target, now] if dry else [target, now, new],
            "release_result": {"id": "new"},
        }
        if not dry:
            variables["container_result"] = {"changed": True, "pause_seconds": 1, "causes": ["ports"]}
        tasks = [{"ansible.builtin.include_tasks": str(repository / "playbooks/tasks/summary_rollback.yml")}]
        playbook = tmp_path / "summary.json"
        playbook.write_text(
            json.dumps([{"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}])
        )
        with playing(repository, ["-i", "localhost,", "-c", "local", str(playbook), *options]) as process:
            play = Play.of(process)
        assert play.status == 0, play.output
        return " ".join(play.output.split())

    return sum_up


@pytest.mark.parametrize("options", [(), ("--check",)], ids=["for-real", "dry"])
def test_going_back_to_another_port_names_the_command_that_tells_the_plugin(
    sum_up: Sum, options: tuple[str, ...]
) -> None:
    said = sum_up(release("b", "6961"), release("a", "6960"), *options)
    assert "the sidecar was at port 6961, and is at 6960 now" in said
    assert "--tags plugin -e stash_sense_host_port=6960 -e stash_sense_plugin=stash-sense" in said


def test_the_plugin_of_the_inventory_is_the_one_that_is_told(sum_up: Sum) -> None:
    said = sum_up(release("b", "6961"), release("a", "6960"), plugin="another")
    assert "-e stash_sense_plugin=another" in said


@pytest.mark.parametrize(
    ("before", "after"), [("6960", "6960"), (None, "6960"), ("6960", None)], ids=["same", "unknown", "unsaid"]
)
def test_nothing_is_said_of_the_plugin_while_no_other_port_is_known(
    sum_up: Sum, before: str | None, after: str | None
) -> None:
    assert "plugin:" not in sum_up(release("b", before), release("a", after))
