"""Back to what was deployed before: image, template, settings and data together, or nothing of it."""

import json
from pathlib import Path

import pytest
from support.database_files import made_up_database, release_name
from support.dockerman import TEMPLATES
from support.play import Play
from support.unraid import UnraidServer

IMAGE = "carrotwaxr/stash-sense:latest"


def said(play: Play) -> str:
    return " ".join(play.output.split())


def what_runs(server: UnraidServer) -> dict[str, str]:
    """The four things that go back together."""
    (rate,) = [v for v in server.sidecar.attrs["Config"]["Env"] if v.startswith("STASH_RATE_LIMIT=")]
    return {
        "image": server.sidecar.attrs["Image"],
        "name": str(server.docker.images.get(IMAGE).id),
        "setting": rate.partition("=")[2],
        "template": server.sh(
            f"sed -n 's/.*Target=\"STASH_RATE_LIMIT\".*>\\(.*\\)<.*/\\1/p' {TEMPLATES}/my-stash-sense.xml"
        ),
        "data": server.sh(f"basename $(readlink {server.appdata}/data/current)"),
        "served": server.get("/ready").json()["database"]["version"],
    }


def records(server: UnraidServer) -> list[str]:
    return server.sh(f"ls {server.appdata}/deployments").split()


@pytest.fixture(scope="module")
def two_releases(
    server: UnraidServer, deployment: Play, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], dict[str, str]]:
    """An earlier one, which takes three seconds to get ready, and a later one that differs in everything."""
    home = tmp_path_factory.mktemp("databases")
    states = []
    for tag, behaviour, version, rate in (("v1", "slow", "1.0", 1.5), ("v2", "ready", "2.0", 2.5)):
        image = server.release_image(tag, behaviour)
        play = server.play(
            "deploy",
            image_reference=f"carrotwaxr/stash-sense:{tag}",
            data_source=str(made_up_database(home / tag, version)),
            stash_sense_rate_limit=rate,
        )
        assert play.status == 0, play.output
        states.append(what_runs(server))
        assert states[-1]["image"] == states[-1]["name"] == image.id
    return states[0], states[1]


def test_a_dry_run_says_what_would_go_back_and_nothing_does(
    server: UnraidServer, two_releases: tuple[dict[str, str], dict[str, str]]
) -> None:
    before = server.state()
    play = server.play("rollback", "--check", "--diff")
    assert play.status == 0, play.output
    assert "Other than now: data, image, image_id, settings, template" in said(play)
    assert "my-stash-sense.xml: Variable STASH_RATE_LIMIT" in said(play)
    assert "the image is another one" in said(play)
    assert server.state() == before


def test_a_release_that_does_not_get_ready_any_more_leaves_everything_as_it_was(
    server: UnraidServer, two_releases: tuple[dict[str, str], dict[str, str]]
) -> None:
    there = records(server)
    play = server.play("rollback", container_ready_timeout=1)
    assert play.status != 0
    assert "everything is as it was before" in said(play)
    assert "within 1 s" in said(play)
    assert what_runs(server) == two_releases[1]
    assert records(server) == there


def test_a_container_that_fails_takes_its_data_and_template_with_it(
    server: UnraidServer, two_releases: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    there = records(server)
    server.release_image("v3", "ending")
    # As a killed run left it: what the next one finds is not the template of the container that serves.
    server.sh(f"sed -i '/STASH_RATE_LIMIT/s/>2.5</>3.5</' {TEMPLATES}/my-stash-sense.xml")
    assert what_runs(server) != two_releases[1]
    play = server.play(
        "deploy",
        image_reference="carrotwaxr/stash-sense:v3",
        data_source=str(made_up_database(tmp_path / "v3", "9.0")),
        stash_sense_rate_limit=3.5,
    )
    assert play.status != 0
    assert "it ended by itself" in said(play)
    assert "the old one is back and serves" in said(play)
    assert what_runs(server) == two_releases[1]
    assert records(server) == there


def test_what_nobody_wrote_down_goes_back_to_the_newest_record(
    server: UnraidServer, two_releases: tuple[dict[str, str], dict[str, str]]
) -> None:
    file = f"{TEMPLATES}/my-stash-sense.xml"
    server.sh(f"sed -i '/STASH_RATE_LIMIT/s/>2.5</>3.5</' {file}")
    try:
        play = server.play("rollback", "--check")
    finally:
        server.sh(f"sed -i '/STASH_RATE_LIMIT/s/>3.5</>2.5</' {file}")
    assert play.status == 0, play.output
    assert f"Would go back to {records(server)[-1]}. Other than now: template." in said(play)


def test_back_and_back_again_is_forward_and_an_id_is_any_of_them(
    server: UnraidServer, two_releases: tuple[dict[str, str], dict[str, str]], api_key: str
) -> None:
    earlier, later = two_releases
    first_id = records(server)[-2]
    for wanted, options in ((earlier, {}), (later, {}), (earlier, {"release": first_id})):
        play = server.play("rollback", **options)
        assert play.status == 0, play.output
        assert what_runs(server) == wanted
        assert api_key not in play.output
    newest = f"{server.appdata}/deployments/{records(server)[-1]}"
    record = json.loads(server.sh(f"cat {newest}/record.json"))
    assert (record["kind"], record["back_to"]) == ("rollback", first_id)
    assert api_key not in json.dumps(record)
    assert server.sh(f"stat -c %a {newest} {newest}/template.xml").split() == ["700", "600"]


def test_what_is_gone_from_the_host_is_refused_with_a_list_of_what_is_there(
    server: UnraidServer, two_releases: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    releases = f"{server.appdata}/data/releases"
    other = {"1.0": "2.0", "2.0": "1.0"}[what_runs(server)["served"]]
    server.sh(f"mkdir /tmp/away && mv {releases}/{other}-* /tmp/away")
    before = server.state()
    try:
        play = server.play("rollback")
    finally:
        after = server.state()
        server.sh(f"mv /tmp/away/* {releases} && rmdir /tmp/away")
    assert play.status != 0
    assert f"the data of {records(server)[-2]}, {other}-" in said(play)
    assert records(server)[-1] in said(play)
    assert after == before


def test_only_other_data_go_back_without_a_restart(
    server: UnraidServer, two_releases: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    before, now = server.started, what_runs(server)
    source = made_up_database(tmp_path / "more", "3.0")
    play = server.play("data", data_source=str(source))
    assert play.status == 0, play.output
    assert what_runs(server) == {**now, "data": release_name(source), "served": "3.0"}
    play = server.play("rollback")
    assert play.status == 0, play.output
    assert what_runs(server) == now
    assert server.started == before
