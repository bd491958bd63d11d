"""The compose file for local runs, as far as it can be read without Compose itself."""

from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture
def compose(repository: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((repository / "image/compose.yml").read_text())
    return loaded


def test_it_has_no_version_field_which_compose_warns_about(compose: dict[str, Any]) -> None:
    assert "version" not in compose


def test_it_publishes_the_port_of_the_stash_family(compose: dict[str, Any]) -> None:
    (service,) = compose["services"].values()
    assert service["ports"] == ["${HOST_PORT:-6960}:5000"]


def test_it_mounts_the_data_and_the_detector_cache_and_nothing_else(compose: dict[str, Any]) -> None:
    (service,) = compose["services"].values()
    assert [volume.rsplit(":", 1)[-1] for volume in service["volumes"]] == ["/data", "/root/.insightface"]


def test_it_holds_no_value_of_a_secret(compose: dict[str, Any]) -> None:
    (service,) = compose["services"].values()
    assert service["environment"]["STASH_API_KEY"] == "${STASH_API_KEY:-}"


def test_a_card_is_asked_for_by_the_second_file_alone(repository: Path, compose: dict[str, Any]) -> None:
    gpu = yaml.safe_load((repository / "image/compose.gpu.yml").read_text())
    (name,) = compose["services"]
    assert "deploy" not in compose["services"][name]
    (device,) = gpu["services"][name]["deploy"]["resources"]["reservations"]["devices"]
    assert device == {"driver": "nvidia", "count": "all", "capabilities": ["gpu"]}
