"""The template role's filters: what is refused, and what is a difference."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from support.filters import load_filters

FIELD: dict[str, Any] = {
    "name": "STASH_URL",
    "type": "Variable",
    "target": "STASH_URL",
    "value": "http://127.0.0.1:6969",
    "default": "",
    "mode": "",
    "description": "Address of Stash",
    "display": "always",
    "required": True,
    "mask": False,
}
XML = """<?xml version="1.0"?>
<Container version="2"><Name>a</Name><DateInstalled>1</DateInstalled>
<Config Name="K" Target="KEY" Default="" Mode="" Description="d" Type="Variable" Display="always"
 Required="true" Mask="true">secret</Config></Container>"""


@pytest.fixture(scope="module")
def filters() -> dict[str, Callable[..., Any]]:
    return load_filters(Path(__file__).parents[2] / "roles/template/filter_plugins/unraid_template.py")


def test_ordinary_values_have_no_fault(filters: dict[str, Callable[..., Any]]) -> None:
    assert filters["unraid_template_faults"]([FIELD], {"ExtraParams": "--runtime=nvidia --gpus all"}) == []


@pytest.mark.parametrize("value", ["a<b", "a>b", "a&b", 'a"b', "a  b", " a", "a ", "a\nb", "a\tb"])
@pytest.mark.parametrize("part", ["value", "default", "description", "name"])
def test_what_dockerman_mangles_is_refused_by_name(
    filters: dict[str, Callable[..., Any]], part: str, value: str
) -> None:
    faults = filters["unraid_template_faults"]([FIELD | {part: value}], {})
    assert len(faults) == 1
    assert part in faults[0]


@pytest.mark.parametrize("text", ["--gpus all; reboot", "$(id)", "`id`", "--env A='b c'", "--a|b", "--a&"])
def test_anything_but_options_is_kept_from_the_root_shell(
    filters: dict[str, Callable[..., Any]], text: str
) -> None:
    assert len(filters["unraid_template_faults"]([], {"ExtraParams": text})) == 1


@pytest.mark.parametrize("text", ["http://i/icon.png?a=1&b=2", "http://i/a  b", "a\n", "<b>bold</b>"])
def test_a_text_that_dockerman_mangles_is_refused_by_the_name_of_its_variable(
    filters: dict[str, Callable[..., Any]], text: str
) -> None:
    texts = {"stash_sense_webui": "http://[IP]:[PORT:5000]/docs", "stash_sense_icon": text}
    (fault,) = filters["unraid_template_faults"]([], {}, texts)
    assert fault.startswith(f"stash_sense_icon is {text!r} -> ")
    assert fault.endswith(" -> correct stash_sense_icon")


def test_a_masked_value_is_not_shown(filters: dict[str, Callable[..., Any]]) -> None:
    (fault,) = filters["unraid_template_faults"]([FIELD | {"mask": True, "value": "hush&hush"}], {})
    assert "hush" not in fault


def test_a_masked_field_may_have_no_default(filters: dict[str, Callable[..., Any]]) -> None:
    (fault,) = filters["unraid_template_faults"]([FIELD | {"mask": True, "default": "abc"}], {})
    assert "has a default" in fault


def test_a_mode_that_would_silently_become_rw_is_refused(filters: dict[str, Callable[..., Any]]) -> None:
    path = FIELD | {"type": "Path", "mode": "readonly"}
    assert len(filters["unraid_template_faults"]([path], {})) == 1
    assert filters["unraid_template_faults"]([path | {"mode": "ro,slave"}], {}) == []


def test_the_date_and_the_order_of_attributes_mean_nothing(filters: dict[str, Callable[..., Any]]) -> None:
    same = XML.replace("<DateInstalled>1<", "<DateInstalled>2<").replace(
        'Name="K" Target="KEY"', 'Target="KEY"  Name="K"'
    )
    assert same != XML
    assert filters["unraid_template_differences"](XML, same) == []


def test_a_changed_secret_is_named_without_its_value(filters: dict[str, Callable[..., Any]]) -> None:
    differences = filters["unraid_template_differences"](XML, XML.replace("secret", "another"))
    assert differences == ["Variable KEY"]


def test_a_field_that_went_is_a_difference(filters: dict[str, Callable[..., Any]]) -> None:
    more = XML.replace("</Container>", '<Config Type="Port" Target="5000">1</Config></Container>')
    assert filters["unraid_template_differences"](more, XML) == ["Port 5000"]


def test_an_installed_file_that_cannot_be_read_differs(filters: dict[str, Callable[..., Any]]) -> None:
    assert filters["unraid_template_differences"]("<Container>", XML) != []
    assert filters["unraid_template_differences"]("", XML) == ["there is no file yet"]


def test_what_would_break_the_docker_page_is_refused(
    filters: dict[str, Callable[..., Any]],
) -> None:
    with pytest.raises(AnsibleFilterError, match="no well-formed XML"):
        filters["unraid_template_meaning"]("<Container><Name></Container>")
