"""Removing a sidecar: nothing of it stays but what one would miss, unless that is named."""

from collections.abc import Callable

import pytest
from support.dockerman import TEMPLATES
from support.play import Play
from support.ports import free_port
from support.unraid import UnraidServer

NAME = "leaving"
APPDATA = f"/mnt/nvme_cache/appdata/{NAME}"
AUTOSTART = "/var/lib/docker/unraid-autostart"


@pytest.fixture(scope="module")
def play(server: UnraidServer, deployment: Play) -> Callable[..., Play]:
    """Plays about a second sidecar on the server, which is deployed first."""
    port = free_port()

    def play(playbook: str, *options: str, **variables: object) -> Play:
        names = {"stash_sense_name": NAME, "stash_sense_appdata": APPDATA, "stash_sense_host_port": port}
        # Of a repository of its own: images go too, if they are asked to.
        done = server.play(playbook, *options, **names, stash_sense_repository=f"test/{NAME}", **variables)
        assert done.status == 0, done.output
        return done

    server.release_image("latest", repository=f"test/{NAME}")
    play("deploy")
    server.sh(f"echo own > {APPDATA}/data/stash_sense.db")
    return play


def there(server: UnraidServer) -> list[str]:
    """What of it is on the server, in words."""
    signs = {
        "container": f"docker container inspect {NAME}",
        "template": f"ls {TEMPLATES}/my-{NAME}.xml",
        "autostart": f"grep -qw {NAME} {AUTOSTART}",
        "records": f"ls {APPDATA}/deployments",
        "database": f"ls {APPDATA}/data/stash_sense.db",
        "image": f"docker image inspect test/{NAME}:latest",
        "folder": f"ls {APPDATA}",
    }
    return [name for name, sign in signs.items() if server.ssh.run(sign).returncode == 0]


def test_it_goes_step_by_step_and_only_as_far_as_it_is_told(
    server: UnraidServer, play: Callable[..., Play]
) -> None:
    neighbour, everything = server.started, there(server)
    assert everything == ["container", "template", "autostart", "records", "database", "image", "folder"]

    dry = play("remove", "--check", "--diff")
    assert "Would be removed: container, template, autostart" in dry.output
    assert there(server) == everything

    gone = play("remove")
    assert there(server) == ["records", "database", "image", "folder"]
    assert "stash_sense.db" in gone.output
    assert "-e remove_data=true removes them" in " ".join(gone.output.split())
    assert play("remove").changed == 0

    play("remove", remove_data=True)
    assert there(server) == ["database", "folder"]
    assert server.sh(f"cat {APPDATA}/data/stash_sense.db") == "own"

    play("remove", remove_database=True)
    assert there(server) == []
    assert server.started == neighbour
    assert "stash-sense" in server.sh(f"cat {AUTOSTART}")
