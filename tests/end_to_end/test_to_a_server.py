"""The real image, models and database on a server like unRAID, brought there by one command over ssh."""

import re
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
import requests
from support.play import Play
from support.sidecar import identify, names
from support.site import Site
from support.unraid import UnraidServer
from support.unraid_host import base_image


@pytest.fixture(scope="module")
def server(site: Site, engine: docker.DockerClient, deployment: Play) -> Iterator[UnraidServer]:
    """A fresh one, to which the very image and database of the deployment here are to be brought."""
    server = UnraidServer.boot(site.checkout, engine, f"{site.name}-unraid")
    server.variables = {
        "stash_sense_repository": site.name,
        "stash_sense_stash_api_key": "",
        # The card is a stand-in: see nvidia-smi there. What needs a real one is said by readiness.
        "stash_sense_require_gpu": "auto",
        "image_variant": "cpu",
        "image_base_image": base_image(site.checkout),
        "image_ca": "/etc/ssl/certs/ca-certificates.crt",
        "models_dir": str(site.models_dir),
        "data_source": str(site.home / "database"),
    }
    yield server
    server.remove()


@pytest.fixture(scope="module")
def brought(server: UnraidServer) -> Play:
    play = server.play("deploy")
    assert play.status == 0, play.output
    return play


def bytes_sent(play: Play) -> int:
    """What the summary says of the image."""
    said = re.search(r"(\d+) bytes sent", " ".join(play.output.split()))
    assert said, play.output
    return int(said[1])


def test_a_server_gets_image_models_and_database_by_one_command(
    server: UnraidServer, brought: Play, probe: Path
) -> None:
    assert server.get("/ready").json()["ready"] is True
    assert bytes_sent(brought) > 100_000_000
    (face,) = identify(server.port, probe / "obama.jpg")
    assert names(face) == ["obama"]


def test_a_change_of_the_code_sends_less_than_5_mb_and_tells_the_pause(
    server: UnraidServer, brought: Play, probe: Path, serve_module: Path
) -> None:
    before = server.started
    serve_module.write_text(serve_module.read_text() + '\nCHANGED = "for the server"\n')
    play = server.play("deploy")
    assert play.status == 0, play.output
    assert server.started != before
    assert 0 < bytes_sent(play) <= 5_000_000
    assert re.search(r"nobody was served for \d+\.\d+ s", " ".join(play.output.split()))
    (face,) = identify(server.port, probe / "obama.jpg")
    assert names(face) == ["obama"]


def test_what_a_server_remembers_is_copied_here_and_put_back_there(
    server: UnraidServer, brought: Play, tmp_path: Path
) -> None:
    setting = f"http://127.0.0.1:{server.port}/recommendations/settings/season"
    requests.post(setting, json={"value": "summer"}, timeout=30).raise_for_status()
    before = server.started
    play = server.play("backup", backup_dir=str(tmp_path))
    assert play.status == 0, play.output
    assert server.started == before
    (copy,) = tmp_path.glob("*.db")

    requests.post(setting, json={"value": "winter"}, timeout=30).raise_for_status()
    play = server.play("restore", backup=str(copy))
    assert play.status == 0, play.output
    assert re.search(r"nobody was served for \d+\.\d+ s", " ".join(play.output.split()))
    assert requests.get(setting, timeout=30).json()["value"] == "summer"
    assert server.get("/ready").status_code == 200
