"""The template's way to where dockerMan reads it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Deploy = Callable[..., Any]
SECRET = "hush-hush"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    directory = tmp_path / "templates-user"
    directory.mkdir()
    return directory


@pytest.fixture
def install(deploy: Deploy, directory: Path, free_port: int) -> Callable[..., Any]:
    def run(*options: str, **variables: object) -> Any:
        play = deploy(
            "template",
            *options,
            stash_sense_host_port=free_port,
            stash_sense_stash_api_key=SECRET,
            template_install_dir=str(directory),
            **variables,
        )
        assert play.status == 0, play.text
        assert SECRET not in play.text
        return play

    return run


def test_it_is_written_only_when_its_meaning_changed(install: Callable[..., Any], directory: Path) -> None:
    file = directory / "my-stash-sense-roles.xml"
    dry = install("--check", "--diff")
    assert dry.changed == 1
    assert "there is no file yet" in dry.text
    assert not file.exists()

    assert install().changed > 0
    written = file.read_text()
    assert SECRET in written
    assert [path.name for path in directory.iterdir()] == [file.name]

    # As an Apply in the page leaves it: another date, otherwise spelled.
    respelled = re.sub("<DateInstalled>[0-9]*<", "<DateInstalled>1<", written).replace(
        "<MyIP/>", "<MyIP></MyIP>"
    )
    file.write_text(respelled)
    assert install().changed == 0
    assert file.read_text() == respelled


def test_what_changes_is_named(install: Callable[..., Any], directory: Path) -> None:
    install()
    play = install(stash_sense_rate_limit="2.5")
    assert "my-stash-sense-roles.xml: Variable STASH_RATE_LIMIT" in play.text
    assert ">2.5<" in (directory / "my-stash-sense-roles.xml").read_text()
