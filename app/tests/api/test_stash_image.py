"""``POST /identify/image`` against a real GraphQL server that checks its key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.conftest import names
from tests.support.sidecar import RunningSidecar, running_sidecar
from tests.support.stash_server import StashPicture, StashServer, stash_running

API_KEY = "sk-7d4e-not-for-anybody"


@pytest.fixture(scope="module")
def stash(faces_dir: Path) -> Iterator[StashServer]:
    with stash_running(api_key=API_KEY) as server:
        server.images["7"] = StashPicture((faces_dir / "probe/two_people.jpg").read_bytes(), 1126, 661)
        server.images["8"] = StashPicture(b"this is not a picture", 10, 10)
        yield server


@pytest.fixture(scope="module")
def with_stash(
    stash: StashServer,
    base_variables: dict[str, str],
    people_database: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningSidecar]:
    variables = {
        **base_variables,
        "DATA_DIR": str(people_database),
        "STASH_URL": f"{stash.url}/graphql",
        "STASH_API_KEY": API_KEY,
        "STASH_RATE_LIMIT": "100",
    }
    with running_sidecar(variables, tmp_path_factory.mktemp("log") / "log") as running:
        yield running
        assert API_KEY not in running.log()


@pytest.fixture(autouse=True)
def _without_faults(stash: StashServer) -> Iterator[None]:
    yield
    stash.faults = type(stash.faults)()


def test_the_people_of_stash_s_image_are_named(with_stash: RunningSidecar) -> None:
    answer = with_stash.client.post("/identify/image", json={"image_id": "7", "top_k": 2})
    assert names(answer) == ["obama", "biden"]


def test_an_image_that_stash_does_not_have_is_a_404(with_stash: RunningSidecar) -> None:
    answer = with_stash.client.post("/identify/image", json={"image_id": "99"})
    assert answer.status_code == 404
    assert "99" in answer.json()["detail"]


def test_an_image_that_cannot_be_decoded_is_a_400(with_stash: RunningSidecar) -> None:
    assert with_stash.client.post("/identify/image", json={"image_id": "8"}).status_code == 400


def test_an_id_that_is_not_digits_is_a_422(with_stash: RunningSidecar) -> None:
    assert with_stash.client.post("/identify/image", json={"image_id": "7; drop"}).status_code == 422


def test_a_stash_that_answers_with_errors_is_a_502_that_says_so(
    with_stash: RunningSidecar, stash: StashServer
) -> None:
    stash.faults.graphql_error = "the database is locked"
    answer = with_stash.client.post("/identify/image", json={"image_id": "7"})
    assert answer.status_code == 502
    assert "the database is locked" in answer.json()["detail"]
    assert API_KEY not in answer.text


def test_a_stash_that_fails_for_a_moment_is_asked_again(
    with_stash: RunningSidecar, stash: StashServer
) -> None:
    stash.faults.status = 503
    stash.faults.times = 1
    assert names(with_stash.client.post("/identify/image", json={"image_id": "7"})) == ["obama", "biden"]


def test_the_rate_limiter_counts_the_calls(with_stash: RunningSidecar) -> None:
    before = with_stash.client.get("/health/rate-limiter").json()["total_requests"]
    with_stash.client.post("/identify/image", json={"image_id": "7"})
    assert with_stash.client.get("/health/rate-limiter").json()["total_requests"] > before
