"""Whether Stash can be reached: always an answer, never the key."""

from __future__ import annotations

from pydantic import SecretStr

from tests.recommendations.conftest import NewApi
from tests.support.stash_server import StashServer
from tests.support.threaded_server import unused_address

KEY = "sk-90ab-not-for-anybody"


def test_a_stash_that_answers_is_connected(new_api: NewApi, stash: StashServer) -> None:
    stash.api_key = KEY
    answer = new_api(stash_url=f"{stash.url}/graphql", stash_api_key=SecretStr(KEY)).get(
        "/recommendations/stash/status"
    )
    assert answer.json() == {"connected": True, "url": stash.url, "error": None, "version": "v0.28.1"}


def test_without_a_stash_it_says_what_to_set(new_api: NewApi) -> None:
    answer = new_api().get("/recommendations/stash/status")
    assert answer.status_code == 200
    status = answer.json()
    assert (status["connected"], status["url"]) == (False, None)
    assert "STASH_URL is not set" in status["error"]


def test_a_stash_that_is_away_or_wants_another_key_is_not_connected(
    new_api: NewApi, stash: StashServer
) -> None:
    stash.api_key = "another"
    refused = new_api(stash_url=stash.url, stash_api_key=SecretStr(KEY)).get("/recommendations/stash/status")
    assert refused.status_code == 200
    assert refused.json()["connected"] is False
    assert "does not accept the API key" in refused.json()["error"]
    assert KEY not in refused.text
    away = new_api(stash_url=unused_address()).get("/recommendations/stash/status")
    assert away.status_code == 200
    assert "cannot be reached" in away.json()["error"]
