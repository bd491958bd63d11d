"""The Stash plugin is told where the sidecar is, through Stash's own API."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.play import Play
from support.ports import free_port
from support.role import play_role
from support.small_stash import SmallStash, small_stash

KEY = "hush-hush-api-key"
OTHERS = {"maxResults": 7, "token": "hush-hush-setting", "nested": {"a": [1, 2]}}
NEW = "http://10.0.0.4:6960"
Tell = Callable[..., Play]


@pytest.fixture
def stash() -> Iterator[SmallStash]:
    with small_stash(KEY) as stash:
        stash.plugins["stash-sense"] = OTHERS | {"sidecarUrl": "http://10.0.0.5:5000"}
        stash.plugins["another"] = {"sidecarUrl": "its own"}
        yield stash


@pytest.fixture
def tell(repository: Path, tmp_path: Path, stash: SmallStash) -> Tell:
    def tell(*options: str, **variables: object) -> Play:
        given = {
            "plugin_id": "stash-sense",
            "plugin_sidecar_url": NEW,
            "plugin_stash_url": f"{stash.url}/",
            "plugin_stash_api_key": KEY,
        }
        play = play_role(repository, tmp_path, "plugin", "-vvv", *options, **(given | variables))
        assert "hush-hush" not in play.output
        return play

    return tell


def test_its_address_is_set_and_everything_else_stays(tell: Tell, stash: SmallStash) -> None:
    dry = tell("--check", "--diff")
    assert (dry.status, dry.changed) == (0, 1), dry.output
    assert "stash-sense: sidecarUrl http://10.0.0.5:5000 -> http://10.0.0.4:6960" in dry.output
    assert stash.plugins["stash-sense"]["sidecarUrl"] == "http://10.0.0.5:5000"

    play = tell()
    assert (play.status, play.changed) == (0, 1), play.output
    assert "http://10.0.0.5:5000 -> http://10.0.0.4:6960" in play.output
    assert stash.plugins == {
        "stash-sense": OTHERS | {"sidecarUrl": NEW},
        "another": {"sidecarUrl": "its own"},
    }
    assert tell().changed == 0


def test_a_plugin_without_settings_gets_its_first(tell: Tell, stash: SmallStash) -> None:
    stash.plugins.clear()
    play = tell()
    assert "(not set) -> http://10.0.0.4:6960" in play.output
    assert stash.plugins == {"stash-sense": {"sidecarUrl": NEW}}


def test_it_is_left_alone_unless_it_is_named(tell: Tell, stash: SmallStash) -> None:
    play = tell(plugin_id="", plugin_stash_url="http://127.0.0.1:9")
    assert (play.status, play.changed) == (0, 0), play.output


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"plugin_stash_api_key": "hush-hush-wrong"}, "Stash refuses the API key (HTTP 401)"),
        ({"plugin_id": "stash-sens"}, "Stash has no plugin stash-sens (it has: stash-sense)"),
        ({"plugin_stash_url": f"http://127.0.0.1:{free_port()}"}, "Stash does not answer"),
    ],
)
def test_what_keeps_it_from_being_set_is_named(
    tell: Tell, stash: SmallStash, variables: dict[str, object], said: str
) -> None:
    before = dict(stash.plugins)
    play = tell(**variables)
    assert play.status != 0
    assert said in " ".join(play.output.split())
    assert "remedy:" in play.output
    assert stash.plugins == before
