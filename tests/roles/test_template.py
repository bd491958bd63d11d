"""The template's way to where dockerMan reads it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.role import play_role

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


def test_it_is_written_only_when_its_meaning_changed(
    install: Callable[..., Any], directory: Path, tmp_path: Path
) -> None:
    file = directory / "my-stash-sense-roles.xml"
    dry = install("--check", "--diff")
    assert dry.changed == 1
    assert "there is no file yet" in dry.text
    assert not file.exists()

    assert install().changed > 0
    written = file.read_text()
    assert SECRET in written
    # The values are this server's; the template that anybody may install has none.
    assert f">{tmp_path}/appdata/data/<" in written
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


def test_every_text_that_dockerman_would_mangle_is_named_at_once_by_its_variable(
    repository: Path, tmp_path: Path
) -> None:
    about = ("registry", "support", "project", "overview", "category", "template_url", "icon", "requires")
    play = play_role(
        repository,
        tmp_path,
        "template",
        tasks_from=("values",),
        template_source="/unread",
        template_name="a",
        template_repository="b/c:latest",
        template_webui="http://[IP]:[PORT:5000]/?a=1&b=2",
        template_about={name: f"of {name}" for name in about}
        | {"icon": "http://i/icon.png?a=1&b=2", "overview": "two  blanks"},
    )
    assert play.status != 0
    named = re.findall(r"-> correct ([\w.]+)", " ".join(play.output.split()))
    assert set(named) == {"stash_sense_webui", "stash_sense_icon", "stash_sense_about.overview"}


def test_a_flash_drive_that_dies_meanwhile_leaves_dockerman_with_the_template_that_it_had(
    deploy: Deploy, directory: Path, tmp_path: Path, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = directory / "my-copy.xml"
    copy.write_text("<Container><Name>stash-sense-roles</Name></Container>")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "rsync").write_text("#!/bin/sh\necho 'No space left on device (28)' >&2\nexit 11\n")
    (programs / "rsync").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    play = deploy(
        "template",
        stash_sense_host_port=free_port,
        template_install_dir=str(directory),
        stash_sense_stash_api_key=SECRET,
    )
    assert play.status != 0
    assert "could not be written: No space left on device" in play.text
    assert [path.name for path in directory.iterdir()] == [copy.name]
