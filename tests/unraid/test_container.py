"""The container on the server: dockerMan's own to the last field, and replaced only by one that is proven."""

import json
import re
from typing import Any

import pytest
from support.dockerman import create_command
from support.unraid import UnraidServer

from .switching import IMAGE, NAME, containers, drift, inspected, let_latest_be, switch, template

AUTOSTART = "/var/lib/docker/unraid-autostart"
UPDATES = "/var/lib/docker/unraid-update-status.json"
PAGE = "/var/local/emhttp/plugins/dynamix.docker.manager/docker.json"
CARD = "GPU-00000000-0000-0000-0000-000000000000"


def comparable(value: Any) -> Any:
    """Without what has no meaning: order, and by which kind of nothing a client says nothing."""
    if isinstance(value, dict):
        return {key: comparable(part) for key, part in value.items() if part not in (None, [], {}, "")}
    if isinstance(value, list):
        return sorted((comparable(part) for part in value), key=repr)
    return value


def test_it_is_what_docker_makes_of_dockermans_command(deployed: UnraidServer) -> None:
    deployed.sh(create_command(template(deployed), "Europe/Berlin", "Tower", "theirs"))
    try:
        ours, theirs = inspected(deployed), inspected(deployed, "theirs")
    finally:
        deployed.sh("docker rm -f theirs")
    # Made of the container's id.
    for one in (ours, theirs):
        assert one["Config"].pop("Hostname") == one["Id"][:12]
    for part in ("HostConfig", "Config", "Mounts"):
        assert comparable(ours[part]) == comparable(theirs[part])
    assert ours["Image"] == theirs["Image"]


def test_it_is_what_its_template_says_and_a_difference_would_be_named(deployed: UnraidServer) -> None:
    assert drift(deployed) == []
    command = create_command(template(deployed), "Europe/Berlin", "Tower", f"{NAME}-other")
    other = (
        re.sub("STASH_RATE_LIMIT=[0-9.]+", "STASH_RATE_LIMIT=hush", command)
        .replace("--pids-limit 2048", "--pids-limit 99")
        .replace("-e HOST_OS=Unraid", "-e MORE=hush")
        .replace("--gpus all", "--restart=always --cap-add NET_ADMIN --user 1000 --cpuset-cpus 0")
        .replace(f"-p {deployed.port}:", f"-p 127.0.0.1:{deployed.port}:")
    )
    deployed.sh(other)
    deployed.sh(f"docker rename {NAME} {NAME}-kept && docker rename {NAME}-other {NAME}")
    try:
        assert sorted(drift(deployed)) == [
            "GPUs is , the template says all",
            "added capabilities is ['NET_ADMIN'], the template says []",
            "chosen processors is 0, the template says ",
            "pids limit is 99, the template says 2048",
            f"port 5000/tcp is ['127.0.0.1:{deployed.port}'], the template says ['{deployed.port}']",
            "restart policy is always, the template says no",
            "user is not the image's",
            "variable HOST_OS is missing",
            "variable MORE is not in the template",
            "variable STASH_RATE_LIMIT has another value",
        ]
    finally:
        deployed.sh(f"docker rm -f {NAME} && docker rename {NAME}-kept {NAME}")


def test_another_image_takes_over_and_dockermans_page_forgets_the_old_one(deployed: UnraidServer) -> None:
    before = deployed.started
    known = {IMAGE: {"status": "false"}, "other/image:latest": {"status": "true"}}
    deployed.sh(f"printf 'first 10\\nlast' > {AUTOSTART}; touch {PAGE}")
    deployed.sh(f"echo '{json.dumps(known)}' > {UPDATES}")
    image = let_latest_be(deployed, "taking-over")

    dry = switch(deployed, "--check", "--diff")
    assert dry.status == 0, dry.output
    assert f"{NAME} would be replaced: the image is another one" in " ".join(dry.output.split())
    assert deployed.started == before
    assert deployed.sh(f"cat {AUTOSTART}") == "first 10\nlast"

    play = switch(deployed)
    assert play.status == 0, play.output
    # Long lines are broken.
    assert re.search(r"stash-sense is ready; the pause was \d+\.\d\d s", " ".join(play.output.split()))
    assert inspected(deployed)["Image"] == image
    assert containers(deployed) == [NAME]
    assert deployed.sh(f"cat {AUTOSTART}; echo end") == f"first 10\nlast\n{NAME}\nend"
    assert json.loads(deployed.sh(f"cat {UPDATES}")) == {"other/image:latest": {"status": "true"}}
    assert deployed.sh(f"ls {PAGE} 2>/dev/null || echo gone") == "gone"

    before = deployed.started
    again = switch(deployed)
    assert (again.status, again.changed) == (0, 0), again.output
    assert deployed.started == before


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("ending", "it ended by itself"),
        ("starting", "nothing but HTTP 503 within 4 s; gpu: loading"),
        ("cpu", "it answers 200, but the GPU is not proven: off"),
    ],
)
def test_what_is_not_proven_leaves_the_old_one_serving(
    deployed: UnraidServer, behaviour: str, said: str
) -> None:
    container, image, text = inspected(deployed)["Id"], inspected(deployed)["Image"], template(deployed)
    let_latest_be(deployed, f"not-{behaviour}", behaviour)
    play = switch(
        deployed,
        container_ready_timeout="4",
        container_ready_settle="1",
        stash_sense_rate_limit="9.0",
    )
    output = " ".join(play.output.split())
    assert play.status != 0, play.output
    assert said in output
    assert "the old one is back and serves" in output
    assert f"stand-in starts, behaviour {behaviour}" in output
    assert "remedy:" in output
    assert deployed.get("/ready").status_code == 200
    assert (containers(deployed), inspected(deployed)["Id"]) == ([NAME], container)
    assert template(deployed) == text
    assert deployed.docker.images.get(IMAGE).id == image
    assert deployed.variables["stash_sense_stash_api_key"] not in play.output


def test_one_card_of_several_is_chosen_by_its_uuid(deployed: UnraidServer) -> None:
    play = switch(deployed, stash_sense_gpu=CARD)
    assert play.status == 0, play.output
    host, config = inspected(deployed)["HostConfig"], inspected(deployed)["Config"]
    assert (host["Runtime"], host["DeviceRequests"]) == ("nvidia", None)
    assert {f"NVIDIA_VISIBLE_DEVICES={CARD}", "NVIDIA_DRIVER_CAPABILITIES=compute,utility"} < set(
        config["Env"]
    )
    assert drift(deployed) == []
    assert switch(deployed).status == 0
