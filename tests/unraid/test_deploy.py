"""A whole deployment to a server like unRAID, with a stand-in for the image: fresh, again, and dry."""

import os
from pathlib import Path

import pytest
from support.database_files import made_up_database
from support.play import Play
from support.ports import free_port
from support.unraid import UnraidServer

TEMPLATE = "/boot/config/plugins/dockerMan/templates-user/my-stash-sense.xml"


def test_a_dry_run_on_a_fresh_server_says_what_it_would_do_and_does_none_of_it(
    deployed: UnraidServer, api_key: str
) -> None:
    before = deployed.state()
    # Fresh for these names.
    play = deployed.play(
        "deploy",
        "--check",
        "--diff",
        stash_sense_name="dry",
        stash_sense_host_port=free_port(),
        stash_sense_appdata="/mnt/nvme_cache/appdata/dry",
    )
    assert play.status == 0, play.output
    assert play.changed > 0
    assert "dry would be made: there is no container yet" in play.output
    assert "my-dry.xml: there is no file yet" in " ".join(play.output.split())
    assert "This was a dry run: nothing was changed." in play.output
    assert api_key not in play.output
    assert deployed.state() == before


def test_one_command_deploys_and_says_where_it_is(server: UnraidServer, deployment: Play) -> None:
    assert f"http://127.0.0.1:{server.port}" in deployment.output
    assert "made, ready after" in deployment.output
    assert server.get("/ready").json()["ready"] is True


def test_it_is_what_dockerman_would_have_made(server: UnraidServer, deployment: Play) -> None:
    assert "<Name>stash-sense</Name>" in server.sh(f"cat {TEMPLATE}")
    assert server.sidecar.labels["net.unraid.docker.managed"] == "dockerman"
    assert server.sidecar.attrs["HostConfig"]["Runtime"] == "nvidia"
    environment = server.sidecar.attrs["Config"]["Env"]
    assert {"TZ=Europe/Berlin", "HOST_OS=Unraid", "HOST_HOSTNAME=Tower"} <= set(environment)
    owner = server.sh(f"stat -c '%u:%g %a' {server.appdata}/data")
    assert owner == "99:100 777"


def test_the_api_key_is_nowhere_in_what_was_said(deployment: Play, api_key: str) -> None:
    assert api_key not in deployment.output


@pytest.mark.parametrize("options", [(), ("--check", "--diff")], ids=["for-real", "dry"])
def test_deploying_the_same_again_changes_nothing_and_restarts_nothing(
    deployed: UnraidServer, options: tuple[str, ...]
) -> None:
    before = deployed.started, deployed.state()
    play = deployed.play("deploy", *options)
    assert play.status == 0, play.output
    assert play.changed == 0, play.output
    assert (deployed.started, deployed.state()) == before


def test_what_fails_before_the_container_leaves_the_images_name_to_the_one_that_serves(
    deployed: UnraidServer, tmp_path: Path
) -> None:
    repository, before = "carrotwaxr/stash-sense", deployed.started
    image = deployed.release_image("unproven")
    damaged = made_up_database(tmp_path / "damaged", "9.0")
    os.truncate(damaged / "performers.json", 5)
    play = deployed.play("deploy", image_reference=f"{repository}:unproven", data_source=str(damaged))
    assert play.status != 0
    assert "performers.json" in play.output
    assert deployed.started == before
    # "Apply" on the server's page makes the next container of it.
    assert (
        deployed.docker.images.get(f"{repository}:latest").id == deployed.sidecar.attrs["Image"] != image.id
    )


def test_building_alone_is_refused_where_the_server_itself_would_build(server: UnraidServer) -> None:
    before = server.state()
    play = server.play("build")
    assert play.status != 0
    output = " ".join(play.output.split())
    assert f"so that the image would be built on the server, ssh://root@127.0.0.1:{server.ssh.port}" in output
    assert "remedy: run playbooks/deploy.yml, which builds there under a lock" in output
    assert server.state() == before
