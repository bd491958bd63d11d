"""Deploying again: nothing when nothing changed, one layer when the code did, and the old one when the new is bad."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.site import Play, Site, names

APPLICATION = "app/stash_sense/application.py"


@pytest.fixture
def application(site: Site) -> Iterator[Path]:
    """A module of the application to change; its text is back afterwards."""
    module = site.checkout / APPLICATION
    text = module.read_text()
    yield module
    module.write_text(text)


def test_deploying_the_same_again_changes_nothing_and_restarts_nothing(site: Site, deployment: Play) -> None:
    before = site.started
    play = site.play("deploy")
    assert play.status == 0, play.output
    assert play.changed == 0, play.output
    assert site.started == before


def test_a_dry_run_of_the_same_sees_nothing_to_do(site: Site, deployment: Play) -> None:
    before = site.started
    play = site.play("deploy", "--check", "--diff")
    assert play.status == 0, play.output
    assert play.changed == 0, play.output
    assert site.started == before


def test_a_changed_application_is_deployed_by_rebuilding_its_own_layer_alone(
    site: Site, deployment: Play, application: Path
) -> None:
    before, image = site.started, site.image
    application.write_text(application.read_text() + '\n# Changed on purpose.\nCHANGED = "yes"\n')
    play = site.play("deploy")
    assert play.status == 0, play.output
    assert site.started != before
    layers, layers_before = site.image.attrs["RootFS"]["Layers"], image.attrs["RootFS"]["Layers"]
    assert layers[:-1] == layers_before[:-1]
    assert layers[-1] != layers_before[-1]
    assert (
        b"yes"
        in site.container.exec_run(
            ["/opt/venv/bin/python", "-c", "import stash_sense.application as a; print(a.CHANGED)"]
        ).output
    )
    assert site.get("/ready").status_code == 200


def test_a_broken_image_is_refused_with_evidence_and_the_old_one_keeps_serving(
    site: Site, probe: Path, application: Path
) -> None:
    old, image = site.container.id, site.image.id
    application.write_text(
        application.read_text()
        + '\ndef create_app(*_: object) -> None:\n    raise RuntimeError("broken on purpose")\n'
    )
    play = site.play("deploy")
    assert play.status != 0
    assert "broken on purpose" in play.output, "the new one's log is the evidence"
    assert site.container.id == old
    assert site.image.id == image
    assert site.get("/ready").status_code == 200
    (face,) = site.identify(probe / "obama.jpg")
    assert names(face) == ["obama"]


def test_requiring_a_gpu_on_a_machine_without_one_is_refused_with_the_reason(site: Site, probe: Path) -> None:
    old = site.container.id
    play = site.play("deploy", stash_sense_require_gpu="true")
    assert play.status != 0
    assert "NVIDIA driver" in play.output
    assert site.container.id == old
    (face,) = site.identify(probe / "obama.jpg")
    assert names(face) == ["obama"]


def test_after_a_refusal_the_next_good_deployment_goes_through(site: Site, deployment: Play) -> None:
    play = site.play("deploy")
    assert play.status == 0, play.output
    again = site.play("deploy")
    assert again.changed == 0, again.output
