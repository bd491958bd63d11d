"""Choosing among the records of a host: what one can go back to, and what goes when there are too many."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from support.filters import load_filters

Filters = dict[str, Any]


@pytest.fixture(scope="module")
def filters(repository: Path) -> Filters:
    return load_filters(repository / "roles/release/filter_plugins/release_records.py")


def line(name: str, whole: bool = True, **content: Any) -> str:
    record = {"id": name, "when": name, "who": "me", "deployed": {"image_id": f"id-{name}"}} | content
    return f"{name} {str(whole).lower()} {base64.b64encode(json.dumps(record).encode()).decode()}"


def test_records_are_sorted_by_time_whatever_their_layout(filters: Filters) -> None:
    records = filters["release_records"]([line("2", whole=False), line("3"), line("1", whole=False)])
    assert [(r["id"], r["whole"], r["kind"]) for r in records] == [
        ("1", False, "deploy"),
        ("2", False, "deploy"),
        ("3", True, "deploy"),
    ]


@pytest.mark.parametrize("content", ["", "bm8ganNvbg==", base64.b64encode(b"[1]").decode(), "%%"])
def test_a_record_that_cannot_be_read_is_listed_and_not_gone_back_to(filters: Filters, content: str) -> None:
    (record,) = filters["release_records"]([f"1 true {content}"])
    (choice,) = filters["release_choices"]([record], [], [])
    assert record["deployed"] == {}
    assert "no template" in choice["obstacle"]


def choices(filters: Filters, *lines: str, images: list[str], data: list[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = filters["release_choices"](filters["release_records"](lines), images, data)
    return found


def test_without_an_id_it_is_the_one_before_the_newest_so_that_twice_is_forward(filters: Filters) -> None:
    all_there = choices(filters, line("1"), line("2"), images=["id-1", "id-2"], data=[])
    assert filters["release_target"](all_there, "")["id"] == "1"
    # The rollback is the newest record now.
    images = ["id-1", "id-2", "id-3"]
    again = choices(filters, line("1"), line("2"), line("3"), images=images, data=[])
    assert filters["release_target"](again, "")["id"] == "2"


@pytest.mark.parametrize(
    ("running", "target"),
    [
        ({"image_id": "id-2", "data": "d2", "template": "t2"}, "1"),
        ({"image_id": "id-2", "data": "", "template": "t2"}, "1"),
        ({}, "1"),
        ({"image_id": "id-3", "data": "d2", "template": "t2"}, "2"),
        ({"image_id": "id-2", "data": "d3", "template": "t2"}, "2"),
        ({"image_id": "id-2", "data": "d2", "template": "t3"}, "2"),
    ],
)
def test_where_nobody_wrote_down_what_runs_the_newest_record_is_the_one_before(
    filters: Filters, running: dict[str, str], target: str
) -> None:
    second = line("2", deployed={"image_id": "id-2", "data": "d2", "template": "t2"})
    found = choices(filters, line("1"), second, images=["id-1", "id-2"], data=["d2"])
    assert filters["release_target"](found, "", running)["id"] == target
    assert filters["release_target"](found, "1", running)["id"] == "1"


@pytest.mark.parametrize(
    ("lines", "wanted", "says"),
    [
        ([], "", "no earlier release (0 in all)"),
        ([line("1")], "", "no earlier release (1 in all)"),
        ([line("1"), line("2")], "9", "there is no release 9"),
        ([line("1", whole=False), line("2")], "1", "1 has no template"),
        ([line("3"), line("4")], "3", "image of 3"),
        ([line("1", deployed={"image_id": "id-1", "data": "gone-1"}), line("2")], "1", "gone-1"),
    ],
)
def test_what_nobody_can_go_back_to_is_said(
    filters: Filters, lines: list[str], wanted: str, says: str
) -> None:
    found = choices(filters, *lines, images=["id-1", "id-2"], data=["there-1"])
    assert says in filters["release_target"](found, wanted)["obstacle"]


def test_the_list_has_only_what_is_possible_newest_first(filters: Filters) -> None:
    found = choices(filters, line("1"), line("2", whole=False), line("3"), images=["id-1", "id-3"], data=[])
    assert [text.split()[0] for text in filters["release_lines"](found)] == ["3", "1"]


IMAGES = ["a r:latest false 1", "a r:1 false 1", "b r:2 false 1", "c r:3 true 1", "d r:4 false 1"]


@pytest.mark.parametrize(("unrecorded", "expected"), [(False, ["r:2"]), (True, ["r:2", "r:4"])])
def test_images_go_that_no_kept_record_names_and_no_container_uses(
    filters: Filters, unrecorded: bool, expected: list[str]
) -> None:
    images = filters["release_images"](IMAGES)
    kept, gone = ([{"deployed": {"image_id": image}} for image in ids] for ids in ("a", "abc"))
    assert filters["release_surplus_images"](images, kept, gone, unrecorded) == expected
