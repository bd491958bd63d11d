"""The scripts that look after dockerMan's own files, under every shell that a host may have."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.role import play_role


def run(script: Path, shell: list[str], *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*shell, script, *map(str, arguments)], capture_output=True, text=True)


@pytest.fixture
def dockerman(roles: Path) -> Path:
    return roles / "container/files/dockerman.sh"


@pytest.fixture
def templates(roles: Path) -> Path:
    return roles / "template/files/templates.sh"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "stash-sense\n"),
        ("", "stash-sense\n"),
        ("one 10\ntwo", "one 10\ntwo\nstash-sense\n"),
        ("stash-sense-old\n", "stash-sense-old\nstash-sense\n"),
        ("stash-sense 30\none\n", "stash-sense 30\none\n"),
    ],
)
def test_a_name_joins_the_autostart_list_once_and_the_last_line_ends(
    dockerman: Path, shell: list[str], tmp_path: Path, before: str | None, after: str
) -> None:
    file = tmp_path / "unraid-autostart"
    if before is not None:
        file.write_text(before)
    listed = run(dockerman, shell, "listed", file, "stash-sense").returncode
    assert listed == (0 if before == after else 3)
    assert run(dockerman, shell, "list", file, "stash-sense").returncode == 0
    assert file.read_text() == after
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_the_pages_cache_goes_and_what_is_known_of_updates_is_told(
    dockerman: Path, shell: list[str], tmp_path: Path
) -> None:
    cache, updates = tmp_path / "docker.json", tmp_path / "updates.json"
    assert run(dockerman, shell, "forget", cache, updates).stdout == ""
    cache.write_text("{}")
    updates.write_text('{"a/b:latest": {}}')
    updates.chmod(0o600)
    assert run(dockerman, shell, "forget", cache, updates).stdout == '{"a/b:latest": {}}'
    assert not cache.exists()
    text = '{"c": 1}\n'
    run(dockerman, shell, "write", updates, base64.b64encode(text.encode()).decode())
    assert updates.read_text() == text
    assert updates.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("known", "left"),
    [
        ('{"a/b:latest": {"lo', '{"a/b:latest": {"lo'),
        ("[]", "[]"),
        ('{"a/b:latest": {}, "c": 1}', '{"c": 1}'),
    ],
)
def test_a_half_written_list_of_updates_keeps_nobody_from_deploying(
    repository: Path, tmp_path: Path, known: str, left: str
) -> None:
    updates = tmp_path / "updates.json"
    updates.write_text(known)
    play = play_role(
        repository,
        tmp_path,
        "container",
        tasks_from=("forget",),
        container_image="a/b:latest",
        container_page_cache=str(tmp_path / "docker.json"),
        container_update_status_file=str(updates),
    )
    assert play.status == 0, play.output
    assert "".join(updates.read_text().split()) == "".join(left.split())


def look(templates: Path, shell: list[str], folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(templates, shell, "look", folder, "stash-sense").stdout)
    return found


def test_files_with_the_same_name_in_them_are_found(
    templates: Path, shell: list[str], tmp_path: Path
) -> None:
    assert look(templates, shell, tmp_path / "none") == look(templates, shell, tmp_path)
    own = '<Container>\n  <Name>stash-sense</Name>\n  <Overview>"\\</Overview></Container>\n'
    (tmp_path / "my-stash-sense.xml").write_text(own)
    (tmp_path / "my copy.xml").write_text("<Container><Name> stash-sense </Name></Container>")
    (tmp_path / "my-other.xml").write_text("<Container><Name>stash-sense-2</Name></Container>")
    (tmp_path / "kept.xml.before-stash-sense").write_text("<Name>stash-sense</Name>")
    found = look(templates, shell, tmp_path)
    assert base64.b64decode(found.pop("content")).decode() == own
    assert found == {"file": "my-stash-sense.xml", "owner": "stash-sense", "others": ["my copy.xml"]}


def test_what_is_in_the_way_is_moved_aside_and_back(
    templates: Path, shell: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "templates-user"
    run(templates, shell, "settle", folder, "stash-sense")
    (folder / "my copy.xml").write_text("text")
    (folder / ".my-stash-sense.xml.Ab12Cd").write_text("half a transfer")
    run(templates, shell, "settle", folder, "stash-sense")
    assert [path.name for path in folder.iterdir()] == ["my copy.xml"]
    run(templates, shell, "hide", folder, "stash-sense", "my copy.xml", "gone.xml")
    assert [path.name for path in folder.iterdir()] == ["my copy.xml.before-stash-sense"]
    run(templates, shell, "back", folder, "stash-sense", "my copy.xml", "gone.xml")
    assert [path.name for path in folder.iterdir()] == ["my copy.xml"]
    (folder / "my-stash-sense.xml").write_text("text")
    run(templates, shell, "remove", folder, "stash-sense")
    assert [path.name for path in folder.iterdir()] == ["my copy.xml"]
