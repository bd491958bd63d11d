"""What is found wrong with an inventory, and that no secret is shown while saying so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.filters import load_filters

GOOD = {
    "container": "stash-sense",
    "port": 6960,
    "gpu": "all",
    "directory": "/mnt/nvme_cache/appdata/stash-sense",
    "mount": "/mnt/nvme_cache",
    "templates": "/boot/config/plugins/dockerMan/templates-user",
    "stash_url": "http://10.0.0.4:6969",
    "stash_api_key": "eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOiJ4In0.a-_b",
}


@pytest.fixture(scope="module")
def filters() -> dict[str, Callable[..., Any]]:
    return load_filters(Path(__file__).parents[2] / "roles/preflight/filter_plugins/inventory_faults.py")


@pytest.mark.parametrize(
    "other", [{}, {"mount": "", "directory": "/srv/x"}, {"stash_url": ""}, {"stash_api_key": ""}]
)
def test_a_good_inventory_has_no_fault(filters: dict[str, Any], other: dict[str, str]) -> None:
    assert filters["inventory_faults"](GOOD | other) == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"port": 70000}, "port 70000 -> a port is 1 to 65535 -> correct stash_sense_host_port"),
        ({"port": 0}, "port 0 -> "),
        ({"gpu": "some"}, "gpu 'some' -> none, all, or a card's uuid"),
        ({"container": "a/b"}, "name 'a/b' -> letters, digits"),
        ({"directory": "relative", "mount": ""}, "directory 'relative' -> an absolute path"),
        ({"directory": "/mnt/nvme_cache/../x"}, "directory '/mnt/nvme_cache/../x' -> an absolute path"),
        ({"directory": "/mnt/nvme_cache/a  b"}, "without blanks"),
        ({"directory": "/mnt/nvme_cache/a:b"}, "colons"),
        ({"directory": "/mnt/other/x"}, "a path below the pool /mnt/nvme_cache"),
        ({"mount": "mnt", "directory": "/mnt/x"}, "the pool's name alone"),
        ({"templates": "templates"}, "correct template_install_dir"),
        ({"stash_url": "ftp://stash"}, "the address of Stash is 'ftp://stash'"),
        ({"stash_url": "stash:6969"}, "the address of Stash is 'stash:6969'"),
        ({"stash_url": "http://stash:99999"}, "the address of Stash cannot be read"),
        ({"stash_url": "http://stash/?a=b"}, "without a user, password, ? or #"),
        ({"stash_url": "http://me:hidden@stash"}, "holds a user or password (not shown)"),
    ],
)
def test_what_no_host_could_take_is_named(
    filters: dict[str, Any], other: dict[str, object], said: str
) -> None:
    fault = filters["inventory_faults"](GOOD | other)[0]
    assert said in fault
    assert fault.count(" -> ") == 2, "seen -> needed -> remedy"
    assert "hidden" not in fault


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("hidden key", "blanks or line breaks"),
        ("hidden\nkey", "blanks or line breaks"),
        ("hidden\x07key", "control characters"),
        ("hidden-k\u00e9y", "signs other than ASCII"),
        ('hidden"key', "quotes or other signs that dockerMan would change"),
        ("hidden&key", "quotes or other signs that dockerMan would change"),
    ],
)
def test_an_api_key_of_a_wrong_form_is_refused_without_being_shown(
    filters: dict[str, Any], key: str, kind: str
) -> None:
    (fault,) = filters["inventory_faults"](GOOD | {"stash_api_key": key})
    assert fault.startswith(f"the API key of Stash has {kind} in it (not shown) -> ")
    assert "hidden" not in fault


def test_several_faults_are_named_at_once(filters: dict[str, Any]) -> None:
    assert len(filters["inventory_faults"](GOOD | {"port": 0, "container": "", "stash_api_key": "a b"})) == 3


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stash_sense_gpus", "did you mean stash_sense_gpu? Else remove it"),
        ("stash_sense_colour", "one that is read"),
        ("contaner_name", "did you mean container_name?"),
        ("old_name", "it is gone -> say new_name instead"),
    ],
)
def test_a_variable_that_nothing_reads_is_named(filters: dict[str, Any], name: str, said: str) -> None:
    known = ["stash_sense_gpu", "container_name", "new_name"]
    removed = {"old_name": "say new_name instead"}
    (fault,) = filters["unknown_variables"]([name, *known], known, "stash_sense_", removed)
    assert fault.startswith(f"the variable {name} -> ")
    assert said in fault


def test_a_persons_own_variables_are_left_alone(filters: dict[str, Any]) -> None:
    own = ["my_server", "backup_disk", "container_of_things"]
    assert filters["unknown_variables"](own, ["container_name"], "stash_sense_", {}) == []
