"""Signals besides the face, over HTTP: what they change, what they say, that they break nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.api.conftest import base64_of, encoded
from tests.api.test_degraded import wait_for
from tests.conftest import read_photo
from tests.database.photos import beside
from tests.signals.databases import with_proportions
from tests.signals.tattoo.ink import tattooed, write_files
from tests.support.sidecar import RunningSidecar, running_sidecar
from tests.support.stash_server import StashPicture, StashServer, stash_running

EVERYBODY = {"max_distance": 2, "top_k": 3}


@pytest.fixture(scope="module")
def stash(faces_dir: Path) -> Iterator[StashServer]:
    with stash_running(api_key="key") as server:
        server.images["1"] = StashPicture((faces_dir / "probe/obama_from_two.jpg").read_bytes(), 1434, 2333)
        yield server


@pytest.fixture(scope="module")
def bodies(
    stash: StashServer,
    base_variables: dict[str, str],
    people_database: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningSidecar]:
    """A sidecar whose database has Obama much broader than he is; the most confident of three rows counts."""
    folder = tmp_path_factory.mktemp("bodies")
    known = {"obama": [(1.7, 0.4), (3.0, 0.9), (1.7, None)], "biden": [(1.95, 0.8)]}
    database = with_proportions(people_database, folder / "data", known)
    variables = {"DATA_DIR": str(database), "STASH_URL": stash.url, "STASH_API_KEY": "key"}
    with running_sidecar({**base_variables, **variables}, folder / "log") as running:
        yield running


def ask(sidecar: RunningSidecar, photo: Path, **knobs: object) -> dict[str, Any]:
    answer = sidecar.client.post("/identify", json={"image_base64": base64_of(photo), **EVERYBODY, **knobs})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def named(face: dict[str, Any]) -> list[str]:
    return [match["name"] for match in face["matches"]]


def report(answer: dict[str, Any], name: str) -> dict[str, str]:
    return next(signal for signal in answer["signals"] if signal["name"] == name)


def test_a_body_that_does_not_fit_moves_a_match_down_and_leaves_its_distance_alone(
    bodies: RunningSidecar, faces_dir: Path
) -> None:
    photo = faces_dir / "probe/obama_from_two.jpg"
    [face], [plain] = ask(bodies, photo)["faces"], ask(bodies, photo, use_body=False)["faces"]
    assert named(plain)[0] == "obama"
    assert named(face)[-1] == "obama"
    for match in face["matches"]:
        same = next(other for other in plain["matches"] if other["name"] == match["name"])
        assert same["signal_weight"] == 1
        weight = match.pop("signal_weight")
        assert weight == {"obama": 0.3, "biden": 0.6, "astronaut": 1}[match["name"]]
        assert match.items() <= same.items()
        assert match["confidence"] == pytest.approx(min(1, max(0, 1 - match["distance"])))


def test_matches_are_ordered_by_their_weighed_similarity(bodies: RunningSidecar, faces_dir: Path) -> None:
    for photo in ("probe/obama_from_two.jpg", "probe/biden_from_two.jpg"):
        [face] = ask(bodies, faces_dir / photo)["faces"]
        similarities = [match["signal_weight"] / (1 + match["distance"]) for match in face["matches"]]
        assert similarities == sorted(similarities, reverse=True)


def test_the_body_signal_takes_no_match_away(bodies: RunningSidecar, faces_dir: Path) -> None:
    [face] = ask(bodies, faces_dir / "probe/obama_from_two.jpg", max_distance=0.6)["faces"]
    assert named(face) == ["obama"]
    assert face["matches"][0]["signal_weight"] == 0.3


@pytest.mark.parametrize("head_first", [True, False])
def test_with_two_people_the_body_belongs_to_the_face_that_it_has(
    bodies: RunningSidecar, faces_dir: Path, tmp_path: Path, head_first: bool
) -> None:
    with Image.open(faces_dir / "probe/biden_from_two.jpg") as picture:
        picture.convert("RGB").crop((300, 100, 830, 620)).save(tmp_path / "head.png")
    pair = [tmp_path / "head.png", faces_dir / "probe/obama_from_two.jpg"]
    beside(*(pair if head_first else pair[::-1]), tmp_path / "both.jpg", 1)
    faces = sorted(ask(bodies, tmp_path / "both.jpg")["faces"], key=lambda face: face["box"]["x"])
    head, whole = faces if head_first else faces[::-1]
    assert named(head)[0] == "biden"
    assert head["body"] is None or head["body"]["shoulder_hip_ratio"] is None
    assert {match["signal_weight"] for match in head["matches"]} == {1}
    assert whole["body"]["shoulder_hip_ratio"] == pytest.approx(1.65, abs=0.2)
    assert {match["name"]: match["signal_weight"] for match in whole["matches"]}["obama"] == 0.3


def test_all_ratios_have_their_field_and_what_is_not_seen_is_null(
    bodies: RunningSidecar, faces_dir: Path
) -> None:
    [face] = ask(bodies, faces_dir / "probe/obama_from_two.jpg")["faces"]
    body = face["body"]
    assert body["shoulder_hip_ratio"] == pytest.approx(1.69, abs=0.1)
    assert (body["leg_torso_ratio"], body["arm_span_height_ratio"]) == (None, None)
    assert 0.3 <= body["confidence"] <= 1


@pytest.mark.parametrize("photo", ["probe/obama.jpg", "people/biden/2.jpg", "probe/two_people.jpg"])
def test_where_hips_are_not_seen_nothing_changes_and_the_signal_says_it_was_silent(
    bodies: RunningSidecar, faces_dir: Path, photo: str
) -> None:
    answer, plain = ask(bodies, faces_dir / photo), ask(bodies, faces_dir / photo, use_body=False)
    assert [face["matches"] for face in answer["faces"]] == [face["matches"] for face in plain["faces"]]
    assert report(answer, "body")["state"] == "silent"


@pytest.mark.parametrize(
    ("knobs", "state", "word"),
    [
        ({}, "used", "1 of 1 faces"),
        ({"use_body": False}, "off", "use_body"),
        ({"use_multi_signal": False}, "off", "use_multi_signal"),
        ({"use_tattoo": False}, "used", "1 of 1 faces"),
        ({"max_distance": 0}, "silent", "no face has a candidate"),
    ],
)
def test_the_answer_says_which_signals_took_part(
    bodies: RunningSidecar, faces_dir: Path, knobs: dict[str, object], state: str, word: str
) -> None:
    answer = ask(bodies, faces_dir / "probe/obama_from_two.jpg", **knobs)
    assert [signal["name"] for signal in answer["signals"]] == ["body", "tattoo"]
    assert report(answer, "body")["state"] == state
    assert word in report(answer, "body")["reason"]


def test_an_image_of_stash_and_one_at_an_address_are_weighed_by_all_signals(bodies: RunningSidecar) -> None:
    answer = bodies.client.post("/identify/image", json={"image_id": "1", **EVERYBODY})
    assert answer.status_code == 200, answer.text
    assert named(answer.json()["faces"][0])[-1] == "obama"
    assert report(answer.json(), "body")["state"] == "used"
    portrait = f"{bodies.client.base_url}/docs/portrait.jpg"
    answer = bodies.client.post("/identify/url", params={"url": portrait, **EVERYBODY})
    assert answer.status_code == 200, answer.text
    # A drawn head: looked at, and without a body.
    assert report(answer.json(), "body")["state"] == "silent"
    assert "0 of 1 faces" in report(answer.json(), "body")["reason"]


def test_the_shape_is_the_same_with_and_without_signals(bodies: RunningSidecar, faces_dir: Path) -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {key: shape(of) for key, of in value.items() if key != "body"}
        return [shape(of) for of in value] if isinstance(value, list) else type(value)

    photo = faces_dir / "probe/obama_from_two.jpg"
    answers = [ask(bodies, photo, use_multi_signal=used) for used in (True, False)]
    assert shape(answers[0]) == shape(answers[1])
    assert all("body" in face for answer in answers for face in answer["faces"])


def test_a_picture_without_a_face_reports_its_signals_too(bodies: RunningSidecar) -> None:
    empty = encoded(Image.new("RGB", (300, 200)))
    answer = bodies.client.post("/identify", json={"image_base64": empty}).json()
    assert answer["faces"] == []
    assert report(answer, "body")["state"] == "silent"


def test_ready_says_that_the_body_signal_is_there_and_the_tattoo_signal_is_not_wanted(
    bodies: RunningSidecar,
) -> None:
    assert bodies.check("body")["state"] == "ok"
    assert "2 performers" in bodies.check("body")["reason"]
    assert bodies.check("tattoo") == {
        "name": "tattoo",
        "state": "off",
        "reason": "not wanted (ENABLE_TATTOO_SIGNAL=false)",
    }


def test_mediapipe_stays_out_of_the_log_and_of_the_sidecar_itself(bodies: RunningSidecar) -> None:
    assert "XNNPACK" not in bodies.log()
    assert "libmediapipe" not in Path(f"/proc/{bodies.process.pid}/maps").read_text()


def test_a_database_without_proportions_has_no_body_signal_and_says_why(
    sidecar: RunningSidecar, faces_dir: Path
) -> None:
    answer = ask(sidecar, faces_dir / "probe/obama_from_two.jpg")
    assert named(answer["faces"][0])[0] == "obama"
    assert report(answer, "body")["state"] == "unavailable"
    assert "no body proportions" in report(answer, "body")["reason"]
    assert sidecar.check("body")["state"] == "off"
    assert sidecar.check("body")["reason"].startswith("unavailable: ")
    assert sidecar.client.get("/ready").status_code == 200


def test_without_a_usable_pose_model_identification_goes_on_and_it_is_ready(
    base_variables: dict[str, str], people_database: Path, faces_dir: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    for name in ("facenet512.onnx", "arcface.onnx"):
        (models / name).symlink_to((Path(base_variables["MODELS_DIR"]) / name).resolve())
    (models / "pose_landmarker_lite.task").write_bytes(b"no model")
    database = with_proportions(people_database, tmp_path / "data", {"obama": [(3.0, 0.9)]})
    variables = {**base_variables, "MODELS_DIR": str(models), "DATA_DIR": str(database)}
    with running_sidecar(variables, tmp_path / "log") as sidecar:
        assert sidecar.client.get("/ready").status_code == 200
        assert "pose_landmarker_lite.task" in sidecar.check("body")["reason"]
        answer = ask(sidecar, faces_dir / "probe/obama_from_two.jpg")
        assert named(answer["faces"][0])[0] == "obama"
        assert report(answer, "body")["state"] == "unavailable"
        assert "pose_landmarker_lite.task" in sidecar.log()
        assert "Traceback" not in sidecar.log()


def test_switched_off_it_starts_no_second_process(
    base_variables: dict[str, str], people_database: Path, faces_dir: Path, tmp_path: Path
) -> None:
    database = with_proportions(people_database, tmp_path / "data", {"obama": [(3.0, 0.9)]})
    variables = {**base_variables, "ENABLE_BODY_SIGNAL": "false", "DATA_DIR": str(database)}
    with running_sidecar(variables, tmp_path / "log") as sidecar:
        assert sidecar.check("body")["state"] == "off"
        assert "ENABLE_BODY_SIGNAL=false" in sidecar.check("body")["reason"]
        answer = ask(sidecar, faces_dir / "probe/obama_from_two.jpg")
        assert named(answer["faces"][0])[0] == "obama"
        assert report(answer, "body")["state"] == "off"
        assert children(sidecar.process.pid) == []


def test_a_tattoo_that_is_recognised_moves_its_owner_up_and_without_its_files_all_else_goes_on(
    base_variables: dict[str, str], people_database: Path, faces_dir: Path, tmp_path: Path
) -> None:
    database = with_proportions(people_database, tmp_path / "data", {})
    performers = json.loads((database / "performers.json").read_text("utf-8"))
    [owner] = [universal_id for universal_id, one in performers.items() if one["name"] == "biden"]
    write_files(database, {0: owner})
    painted = tmp_path / "tattooed.png"
    Image.fromarray(tattooed(read_photo(faces_dir / "probe/obama.jpg"), 0)).save(painted)
    variables = {**base_variables, "ENABLE_TATTOO_SIGNAL": "true", "DATA_DIR": str(database)}
    with running_sidecar(variables, tmp_path / "log") as sidecar:
        assert sidecar.check("tattoo")["state"] == "ok"
        answer = ask(sidecar, painted)
        weights = {match["name"]: match["signal_weight"] for match in answer["faces"][0]["matches"]}
        assert weights == {"obama": 1, "biden": 1.2, "astronaut": 1}
        assert report(answer, "tattoo")["state"] == "used"
        plain = ask(sidecar, painted, use_tattoo=False)
        assert {match["signal_weight"] for match in plain["faces"][0]["matches"]} == {1}
        assert report(plain, "tattoo")["state"] == "off"

        (database / "tattoo_embedder.onnx").unlink()
        sidecar.hang_up()
        wait_for(lambda: sidecar.check("tattoo")["state"] == "off")
        assert "tattoo_embedder.onnx is missing" in sidecar.check("tattoo")["reason"]
        assert sidecar.client.get("/ready").status_code == 200
        answer = ask(sidecar, painted)
        assert named(answer["faces"][0])[0] == "obama"
        assert report(answer, "tattoo")["state"] == "unavailable"
        assert "Traceback" not in sidecar.log()


def children(pid: int) -> list[int]:
    """Processes that a process started and that still run."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (thread / "children").read_text().split())
    return found
