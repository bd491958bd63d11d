"""The main job, on real photos, by the container that one command deployed."""

from pathlib import Path

import pytest
from support.play import Play
from support.sidecar import names
from support.site import Site


def test_a_dry_run_on_a_fresh_machine_says_what_it_would_do_and_does_none_of_it(
    site: Site, dry_run: Play
) -> None:
    assert dry_run.status == 0, dry_run.output
    assert dry_run.changed > 0
    assert not (site.home / "appdata").exists()
    assert not (site.checkout / ".cache/models/facenet512.onnx").exists()


def test_the_deployment_says_where_the_sidecar_is_and_whom_it_found(site: Site, deployment: Play) -> None:
    assert f"http://127.0.0.1:{site.port}" in deployment.output
    for name in ("obama", "biden"):
        assert name in deployment.output


def test_what_the_demo_ends_with_is_the_address_and_a_line_for_each_photo(
    site: Site, deployment: Play, probe: Path
) -> None:
    first, *lines = (site.home / "demo.txt").read_text("utf-8").splitlines()
    assert f"http://127.0.0.1:{site.port}" in first
    assert [line.split(":")[0].strip() for line in lines] == sorted(path.name for path in probe.iterdir())


def test_it_is_ready_and_says_why(site: Site, deployment: Play) -> None:
    answer = site.get("/ready")
    assert answer.status_code == 200, answer.text
    checks = {check["name"]: check["state"] for check in answer.json()["checks"]}
    assert {"database", "models", "golden", "gpu"} <= set(checks)
    assert set(checks.values()) <= {"ok", "off"}


@pytest.mark.parametrize(
    ("photo", "name"), [("obama", "obama"), ("obama_from_two", "obama"), ("biden_from_two", "biden")]
)
def test_a_photo_of_one_person_names_that_person_and_nobody_else(
    photo: str, name: str, site: Site, probe: Path
) -> None:
    (face,) = site.identify(probe / f"{photo}.jpg")
    assert names(face) == [name]


def test_a_photo_of_two_names_both_each_by_the_face_that_is_theirs(site: Site, probe: Path) -> None:
    left, right = site.identify(probe / "two_people.jpg")
    assert names(left) == ["obama"]
    assert names(right) == ["biden"]
    assert left["box"]["x"] + left["box"]["width"] < right["box"]["x"]


def test_all_faces_of_a_group_of_strangers_are_found_and_none_is_named(site: Site, probe: Path) -> None:
    faces = site.identify(probe / "solvay_1927.jpg")
    assert len(faces) == 29
    assert [names(face) for face in faces] == [[]] * 29


def test_the_engine_itself_finds_it_healthy(site: Site, deployment: Play) -> None:
    assert site.health() == "healthy"


def test_the_documentation_is_served(site: Site, deployment: Play) -> None:
    assert site.get("/docs").status_code == 200
    assert "/identify" in site.get("/openapi.json").json()["paths"]
