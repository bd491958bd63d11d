"""The contract's third table: what the user has chosen."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.contract.plugin import Plugin
from tests.contract.recommendation_shapes import FIELD_CONFIG, UPSTREAM_FIELDS
from tests.contract.rows import shows
from tests.contract.shapes import Mapping, check

BOX = "https://box.example/graphql"
FIELDS = "/recommendations/upstream/field-config/" + base64.b64encode(BOX.encode()).decode()


@shows("GET /recommendations/upstream/field-config/{endpoint}")
def test_the_fields_of_a_stash_box_are_listed(plugin: Plugin) -> None:
    answer = plugin.get(FIELDS)
    check(answer, FIELD_CONFIG)
    assert answer["endpoint"] == BOX
    assert answer["fields"].keys() == UPSTREAM_FIELDS


@shows("POST /recommendations/upstream/field-config/{endpoint}")
def test_fields_are_turned_off_and_on(plugin: Plugin) -> None:
    before = plugin.get(FIELDS)["fields"]
    assert plugin.post(FIELDS, {"tattoos": False, "name": True}) == {"success": True}
    after = plugin.get(FIELDS)["fields"]
    assert (after["tattoos"]["enabled"], after["name"]["enabled"]) == (False, True)
    assert after["height"] == before["height"]


@shows(
    "GET /recommendations/upstream/field-config/{endpoint}",
    "POST /recommendations/upstream/field-config/{endpoint}",
)
@pytest.mark.parametrize("endpoint", ["~~~", base64.b64encode(b"no address").decode()])
def test_what_is_no_address_in_base64_is_a_400(plugin: Plugin, endpoint: str) -> None:
    path = f"/recommendations/upstream/field-config/{endpoint}"
    assert plugin.refusal("GET", path).status == 400
    assert plugin.refusal("POST", path, json={"name": True}).status == 400


@shows("GET /recommendations/settings")
def test_all_settings_are_shown(plugin: Plugin) -> None:
    answer = plugin.get("/recommendations/settings")
    check(answer, {"settings": Mapping(Any)})
    assert answer["settings"]["normalize_enum_display"] is True


@shows("GET /recommendations/settings/{key}", "POST /recommendations/settings/{key}")
@pytest.mark.parametrize("value", [True, 7, "text", None, ["a", 1], {"deep": {"er": [None]}}])
def test_any_json_is_kept_as_a_setting(plugin: Plugin, value: Any) -> None:
    answer = plugin.post("/recommendations/settings/page", {"value": value})
    assert answer == {"success": True, "key": "page"}
    assert plugin.get("/recommendations/settings/page") == {"key": "page", "value": value}
    assert plugin.get("/recommendations/settings")["settings"]["page"] == value


@shows("GET /recommendations/settings/{key}")
def test_a_setting_that_was_never_made_is_null(plugin: Plugin) -> None:
    assert plugin.get("/recommendations/settings/never") == {"key": "never", "value": None}
