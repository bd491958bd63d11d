"""What the image says about itself, and what it leaves unsaid."""

import json

import docker
from docker.models.images import Image
from support.builds import AUTHORITIES, REVISION, TAG, VERSION, Run


def test_oci_labels_say_what_it_is_and_where_it_comes_from(image: Image) -> None:
    labels = image.labels
    assert labels["org.opencontainers.image.title"] == "Stash Sense"
    assert labels["org.opencontainers.image.description"]
    assert labels["org.opencontainers.image.source"].startswith("https://")
    assert labels["org.opencontainers.image.version"] == VERSION
    assert labels["org.opencontainers.image.revision"] == REVISION
    assert labels["org.opencontainers.image.base.name"]
    assert labels["org.stash-sense.variant"] == "cpu"


def test_its_health_is_its_readiness(image: Image) -> None:
    health = image.attrs["Config"]["Healthcheck"]
    assert "/ready" in health["Test"][-1]
    assert health["StartPeriod"] >= 60e9


def test_it_serves_on_port_5000_without_an_entrypoint_in_the_way(image: Image) -> None:
    config = image.attrs["Config"]
    assert config["ExposedPorts"] == {"5000/tcp": {}}
    assert config["Cmd"] == ["stash-sense", "serve"]
    assert not config["Entrypoint"]
    assert not config["User"], "unRAID starts it as root, or as whom its owner says"


def test_paths_come_from_the_environment(image: Image) -> None:
    environment = dict(entry.split("=", 1) for entry in image.attrs["Config"]["Env"])
    assert environment["DATA_DIR"] == "/data"
    assert environment["MODELS_DIR"] == "/app/models"
    assert environment["INSIGHTFACE_HOME"] == "/root/.insightface"
    assert environment["PYTHONPATH"] == "/app"
    assert environment["PYTHONUNBUFFERED"] == "1"


def test_neither_history_nor_configuration_tells_how_the_build_machine_reaches_the_internet(
    image: Image, engine: docker.DockerClient
) -> None:
    told = json.dumps([image.attrs["Config"], engine.api.history(TAG)])
    for word in ("index-url", "find-links", "_proxy=", "PROXY=", str(AUTHORITIES), "API_KEY"):
        assert word not in told


def test_the_authorities_lent_to_the_build_are_not_in_the_image(run: Run) -> None:
    """pip trusted the build machine's; the image trusts its distribution's alone."""
    assert run("ls /run/secrets 2>/dev/null || true") == ""
    assert run("dpkg --verify ca-certificates") == ""
    assert run("ls /usr/local/share/ca-certificates") == ""
