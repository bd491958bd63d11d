"""The user's settings over HTTP, and which fields are compared with a stash-box."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import httpx
import pytest

BOX = "https://stashdb.org/graphql"
FIELDS = [
    *("name", "disambiguation", "aliases", "gender", "birthdate", "death_date", "ethnicity", "country"),
    *("eye_color", "hair_color", "height", "cup_size", "band_size", "waist_size", "hip_size", "breast_type"),
    *("tattoos", "piercings", "career_start_year", "career_end_year", "urls", "details", "favorite"),
]


def encoded(address: str) -> str:
    return base64.b64encode(address.encode()).decode()


def test_a_new_database_has_one_setting(api: httpx.Client) -> None:
    assert api.get("/recommendations/settings").json() == {"settings": {"normalize_enum_display": True}}
    answer = api.get("/recommendations/settings/normalize_enum_display").json()
    assert answer == {"key": "normalize_enum_display", "value": True}


@pytest.mark.parametrize("value", [None, True, 0, 2.5, "", "ü\x00\U0001f600", [1, [2]], {"a": {"b": None}}])
def test_a_setting_takes_any_json_value_and_gives_it_back(api: httpx.Client, value: Any) -> None:
    for first in ("something else", value):
        answer = api.post("/recommendations/settings/page.size", json={"value": first})
        assert answer.json() == {"success": True, "key": "page.size"}
    assert api.get("/recommendations/settings/page.size").json() == {"key": "page.size", "value": value}
    assert api.get("/recommendations/settings").json()["settings"] == {
        "normalize_enum_display": True,
        "page.size": value,
    }


def test_a_setting_that_is_unset_is_null(api: httpx.Client) -> None:
    assert api.get("/recommendations/settings/nothing").json() == {"key": "nothing", "value": None}


def test_a_setting_without_a_value_or_with_a_key_that_cannot_be_is_a_422(api: httpx.Client) -> None:
    assert api.post("/recommendations/settings/page_size", json={}).json()["detail"][0]["loc"] == [
        "body",
        "value",
    ]
    assert api.post("/recommendations/settings/a%00b", json={"value": 1}).json()["detail"][0]["loc"] == [
        "path",
        "key",
    ]
    assert api.get(f"/recommendations/settings/{'k' * 201}").status_code == 422


@pytest.mark.parametrize("value", ["NaN", "-Infinity", '"\\ud83d"', '{"a": ["\\udc00"]}', '{"\\ud800": 1}'])
def test_what_could_not_be_given_back_as_json_is_refused(api: httpx.Client, value: str) -> None:
    body = f'{{"value": {value}}}'.encode()
    answer = api.post(
        "/recommendations/settings/odd", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert "cannot be kept; expected JSON" in answer.json()["detail"][0]["msg"]
    assert api.get("/recommendations/settings").json()["settings"] == {"normalize_enum_display": True}


def test_all_fields_of_a_box_are_compared_until_the_user_says_otherwise(api: httpx.Client) -> None:
    path = f"/recommendations/upstream/field-config/{encoded(BOX)}"
    answer = api.get(path).json()
    assert answer["endpoint"] == BOX
    assert list(answer["fields"]) == FIELDS
    assert all(field["enabled"] is True and field["label"] for field in answer["fields"].values())
    assert api.post(path, json={"height": False, "name": True}).json() == {"success": True}
    assert api.post(path, json={"details": False}).json() == {"success": True}
    fields = api.get(path).json()["fields"]
    assert [name for name in FIELDS if not fields[name]["enabled"]] == ["height", "details"]
    other = api.get(
        f"/recommendations/upstream/field-config/{encoded('https://theporndb.net/graphql')}"
    ).json()
    assert all(field["enabled"] for field in other["fields"].values())


@pytest.mark.parametrize("address", ["https://a.example/?q=>>>???", "http://10.0.0.9:9998/graphql"])
def test_an_address_is_understood_in_every_way_to_write_base64(api: httpx.Client, address: str) -> None:
    standard = encoded(address)
    safe = base64.urlsafe_b64encode(address.encode()).decode()
    for written in (standard, quote(standard, safe=""), safe, safe.rstrip("=")):
        assert api.get(f"/recommendations/upstream/field-config/{written}").json()["endpoint"] == address


@pytest.mark.parametrize(
    "written",
    ["stashdb", "%%%", encoded("stashdb.org"), encoded("ftp://a.example/"), "gICA", encoded("http://")],
)
def test_what_is_not_the_base64_of_an_address_is_a_400(api: httpx.Client, written: str) -> None:
    path = f"/recommendations/upstream/field-config/{quote(written)}"
    for answer in (api.get(path), api.post(path, json={"name": False})):
        assert answer.status_code == 400
        assert "is not the base64 of an address; expected" in answer.json()["detail"]


def test_a_field_that_there_is_not_is_a_400_and_a_choice_that_is_none_a_422(api: httpx.Client) -> None:
    path = f"/recommendations/upstream/field-config/{encoded(BOX)}"
    answer = api.post(path, json={"shoe_size": True, "name": False})
    assert answer.status_code == 400
    assert "shoe_size" in answer.json()["detail"]
    assert api.post(path, json={"name": "perhaps"}).status_code == 422
    assert api.get(path).json()["fields"]["name"]["enabled"] is True
