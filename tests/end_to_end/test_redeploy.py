"""Deploying again: nothing, one layer, or the old one, as nothing, the code or something bad is new."""

from pathlib import Path

from support.play import Play
from support.sidecar import names
from support.site import Site
from support.small_stash import small_stash


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
    site: Site, deployment: Play, serve_module: Path
) -> None:
    before, layers_before = site.started, site.image.attrs["RootFS"]["Layers"]
    serve_module.write_text(serve_module.read_text() + '\nCHANGED = "on purpose"\n')
    play = site.play("deploy")
    assert play.status == 0, play.output
    assert site.started != before
    layers = site.image.attrs["RootFS"]["Layers"]
    assert layers[:-1] == layers_before[:-1]
    assert layers[-1] != layers_before[-1]
    _, last_line = site.container.exec_run(["tail", "-n", "1", "/app/stash_sense/cli/serve.py"])
    assert last_line == b'CHANGED = "on purpose"\n'
    assert site.get("/ready").status_code == 200


def test_a_broken_image_is_refused_with_evidence_and_the_old_one_keeps_serving(
    site: Site, probe: Path, serve_module: Path
) -> None:
    old, image = site.container.id, site.image.id
    broken = '\n\ndef serve() -> None:\n    raise RuntimeError("broken on purpose")\n'
    serve_module.write_text(serve_module.read_text() + broken)
    play = site.play("deploy")
    assert play.status != 0
    assert "RuntimeError: broken on purpose" in play.output, "the new one's log is the evidence"
    assert site.container.id == old
    assert site.image.id == image
    assert site.get("/ready").status_code == 200
    (face,) = site.identify(probe / "obama.jpg")
    assert names(face) == ["obama"]


def test_requiring_a_gpu_on_a_machine_without_one_is_refused_with_the_reason(site: Site, probe: Path) -> None:
    old = site.container.id
    play = site.play("deploy", stash_sense_require_gpu="true")
    assert play.status != 0
    assert "the NVIDIA driver is missing" in play.output
    assert site.container.id == old
    (face,) = site.identify(probe / "obama.jpg")
    assert names(face) == ["obama"]


def test_a_stash_that_only_the_host_reaches_is_named(site: Site, deployment: Play) -> None:
    with small_stash() as stash:
        play = site.play("deploy", "--tags", "container", stash_sense_stash_url=stash.url)
    assert play.status == 0, play.output
    said = " ".join(play.output.split())
    assert f"as seen from the container: unavailable: Stash cannot be reached at {stash.url}" in said


def test_after_a_refusal_the_next_good_deployment_goes_through(site: Site, deployment: Play) -> None:
    play = site.play("deploy")
    assert play.status == 0, play.output
    assert site.get("/ready").status_code == 200
