"""The container that dockerMan would make from a template, as the template role's filter derives it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from support.filters import load_filters

HOST = {"time_zone": "Europe/Berlin", "server_name": "Tower", "unraid_version": "7.2.0"}


@pytest.fixture(scope="module")
def filters() -> dict[str, Callable[..., Any]]:
    return load_filters(Path(__file__).parents[2] / "roles/template/filter_plugins/unraid_container.py")


@pytest.fixture
def parse(filters: dict[str, Callable[..., Any]]) -> Callable[..., dict[str, Any]]:
    def parse(*configs: str, **elements: str) -> dict[str, Any]:
        given = {"Name": "a", "Repository": "b/c:latest", "Network": "bridge", **elements}
        lines = [f"<{tag}>{text}</{tag}>" for tag, text in given.items()]
        xml = f'<Container version="2">{"".join(lines)}{"".join(configs)}</Container>'
        return filters["unraid_template_container"](xml, HOST)

    return parse


def config(kind: str, target: str, value: str = "", default: str = "", mode: str = "") -> str:
    return (
        f'<Config Name="n" Target="{target}" Default="{default}" Mode="{mode}" Type="{kind}">{value}</Config>'
    )


def test_the_template_in_the_repository_is_a_container_that_anybody_can_have(
    filters: dict[str, Callable[..., Any]], repository: Path
) -> None:
    made = filters["unraid_template_container"]((repository / "unraid-template.xml").read_text(), HOST)
    assert (made["name"], made["image"], made["network"]) == (
        "stash-sense",
        "carrotwaxr/stash-sense:latest",
        "bridge",
    )
    assert made["ports"] == [{"host": 6960, "container": 5000, "protocol": "tcp"}]
    appdata = "/mnt/user/appdata/stash-sense"
    assert made["mounts"] == [
        {"source": f"{appdata}/data/", "target": "/data", "mode": "rw"},
        {"source": f"{appdata}/insightface-cache/", "target": "/root/.insightface", "mode": "rw"},
    ]
    assert (made["runtime"], made["gpus"], made["pids_limit"]) == ("nvidia", "all", 2048)
    assert made["unknown"] == []
    assert made["labels"]["net.unraid.docker.webui"] == "http://[IP]:[PORT:5000]/docs"
    assert list(made["environment"])[:5] == [
        "TZ",
        "HOST_OS",
        "HOST_HOSTNAME",
        "HOST_CONTAINERNAME",
        "STASH_URL",
    ]
    environment = made["environment"]
    assert (environment["STASH_URL"], environment["STASH_API_KEY"]) == ("", "")
    assert (environment["DATA_DIR"], environment["REQUIRE_GPU"]) == ("/data", "auto")


def test_an_empty_value_becomes_the_default(parse: Callable[..., dict[str, Any]]) -> None:
    made = parse(config("Variable", "KEY", "", "fallback"), config("Variable", "OTHER", "own", "fallback"))
    assert (made["environment"]["KEY"], made["environment"]["OTHER"]) == ("fallback", "own")


def test_entities_are_decoded_twice_and_tags_stripped(parse: Callable[..., dict[str, Any]]) -> None:
    made = parse(
        config("Variable", "ONCE", "a &amp; b"),
        config("Variable", "TWICE", "a &amp;amp; b"),
        config("Variable", "TAG", "a&lt;b&gt;c  d"),
    )
    assert made["environment"] | {"ONCE": "a & b", "TWICE": "a & b", "TAG": "ac d"} == made["environment"]


@pytest.mark.parametrize(
    ("kind", "mode", "meant"),
    [
        ("Path", "readonly", "rw"),
        ("Path", "RO", "ro"),
        ("Path", "ro,slave", "ro,slave"),
        ("Path", "", "rw"),
        ("Port", "", "tcp"),
        ("Port", "UDP", "udp"),
        ("Port", "sctp", "tcp"),
    ],
)
def test_a_mode_that_is_not_known_becomes_the_first_one(
    parse: Callable[..., dict[str, Any]], kind: str, mode: str, meant: str
) -> None:
    made = parse(config(kind, "5000", "6960", mode=mode))
    found = made["mounts"][0]["mode"] if kind == "Path" else made["ports"][0]["protocol"]
    assert found == meant


def test_a_path_without_a_host_side_is_not_mounted(parse: Callable[..., dict[str, Any]]) -> None:
    assert parse(config("Path", "/data", " "))["mounts"] == []


def test_a_label_of_the_form_joins_dockermans_own(parse: Callable[..., dict[str, Any]]) -> None:
    made = parse(config("Label", "team", "home"), WebUI="", Icon="http://i/icon.png")
    assert made["labels"] == {
        "net.unraid.docker.managed": "dockerman",
        "net.unraid.docker.icon": "http://i/icon.png",
        "team": "home",
    }


def test_the_hosts_own_network_publishes_no_port(parse: Callable[..., dict[str, Any]]) -> None:
    made = parse(config("Port", "5000", "6960", mode="tcp"), Network="host")
    assert made["ports"] == []
    assert made["environment"]["TCP_PORT_5000"] == "6960"


@pytest.mark.parametrize(
    ("version", "extra", "limit"),
    [
        ("6.12.11", "", 0),
        ("6.12.12", "", 2048),
        ("7.0.0-beta.1", "", 2048),
        ("6.11.5", "", 0),
        ("", "", 2048),
        ("7.2.0", "--pids-limit=99", 99),
        ("6.9.2", "--pids-limit 99", 99),
        ("7.2.0", "--pids-limit -1", -1),
    ],
)
def test_processes_are_limited_as_that_version_of_dockerman_would(
    filters: dict[str, Callable[..., Any]], version: str, extra: str, limit: int
) -> None:
    assert filters["unraid_pids_limit"](extra, version) == limit


def test_extra_params_are_split_as_a_shell_would(filters: dict[str, Callable[..., Any]]) -> None:
    split = filters["unraid_extra_params"]("--runtime=nvidia --gpus all -m 4g --cpus=2 --shm-size 1g")
    assert split == {
        "runtime": "nvidia",
        "gpus": "all",
        "pids_limit": None,
        "memory": "4g",
        "cpus": "2",
        "shm_size": "1g",
        "unknown": [],
    }


@pytest.mark.parametrize(
    "extra",
    [
        *("--privileged", "--gpus device=0", "--restart=always", "-it", "--a 'b"),
        *("--pids-limit many", "--memory", "--memory 4x", "--shm-size=1z", "--cpus many"),
    ],
)
def test_what_the_container_role_cannot_make_is_named(
    filters: dict[str, Callable[..., Any]], extra: str
) -> None:
    assert filters["unraid_extra_params"](extra)["unknown"] != []


@pytest.mark.parametrize(("host", "target"), [("", "5000"), ("6960", "web"), ("69a", "5000")])
def test_a_port_that_is_no_number_is_named_and_not_published(
    parse: Callable[..., dict[str, Any]], host: str, target: str
) -> None:
    made = parse(config("Port", target, host, mode="tcp"))
    assert (made["ports"], made["unknown"]) == ([], [f"port {host!r} -> {target!r}"])


def test_processors_and_addresses_of_its_own_are_told(parse: Callable[..., dict[str, Any]]) -> None:
    made = parse(CPUset="0,2-3", MyIP="10.0.0.9, fd00::9", PostArgs="run 'it")
    assert (made["cpuset"], made["addresses"]) == ("0,2-3", ["10.0.0.9", "fd00::9"])
    assert made["unknown"] == ["run", "'it"]
    assert (parse()["cpuset"], parse()["addresses"]) == ("", [])


def test_a_broken_template_is_refused(filters: dict[str, Callable[..., Any]]) -> None:
    with pytest.raises(AnsibleFilterError, match="no well-formed XML"):
        filters["unraid_template_container"]("<Container><Name></Container>")
