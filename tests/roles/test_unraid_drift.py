"""In what a container is another than its template says: every part of it by its name."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from support.dockerman_filters import container_differences, template_container

XML = """<Container version="2"><Name>a</Name><Repository>b/c:latest</Repository><Network>bridge</Network>
<Config Type="Port" Target="5000" Mode="tcp">6960</Config></Container>"""
IMAGE = {"Id": "i", "Config": {"Env": [], "Labels": {}, "Entrypoint": ["/e"], "Cmd": None, "User": ""}}
# As the oldest engine that unRAID may have inspects it.
CONTAINER: dict[str, Any] = {
    "Name": "/a",
    "Image": "i",
    "Config": {
        "Image": "b/c:latest",
        "Env": ["TZ=", "HOST_OS=Unraid", "HOST_HOSTNAME=", "HOST_CONTAINERNAME=a"],
        "Labels": {"net.unraid.docker.managed": "dockerman"},
        "Entrypoint": ["/e"],
        "Cmd": [],
        "User": "",
    },
    "HostConfig": {
        "NetworkMode": "bridge",
        "PidsLimit": 2048,
        "PortBindings": {"5000/tcp": [{"HostIp": "", "HostPort": "6960"}]},
        "CapAdd": None,
        "SecurityOpt": None,
        "CpusetCpus": "",
        "PidMode": "",
        "ReadonlyRootfs": False,
    },
    "NetworkSettings": {"Networks": {"bridge": {"IPAMConfig": None, "IPAddress": "172.17.0.2"}}},
}


def differences(change: Callable[[dict[str, Any]], object] = id, xml: str = XML) -> list[str]:
    container = copy.deepcopy(CONTAINER)
    change(container)
    found: list[str] = container_differences(container, IMAGE, template_container(xml), "i")
    return found


def test_dockermans_own_differs_in_nothing() -> None:
    assert differences() == []


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("PortBindings", {"5000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "6960"}]}, "port 5000/tcp"),
        ("CapAdd", ["NET_ADMIN"], "added capabilities"),
        ("CapDrop", ["CHOWN"], "dropped capabilities"),
        ("SecurityOpt", ["seccomp=unconfined"], "security options"),
        ("CpusetCpus", "0-1", "chosen processors"),
        ("Tmpfs", {"/x": ""}, "temporary file systems"),
        ("Mounts", [{"Type": "bind", "Source": "/", "Target": "/host"}], "other mounts"),
        ("PidMode", "host", "process space"),
        ("ReadonlyRootfs", True, "read-only root"),
    ],
)
def test_what_dockerman_would_not_have_asked_for_is_named(part: str, value: object, said: str) -> None:
    (found,) = differences(lambda container: container["HostConfig"].update({part: value}))
    assert found.startswith(f"{said} is ")


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [("User", "1000", "user"), ("Entrypoint", ["sh"], "entry point"), ("Cmd", ["-c"], "command")],
)
def test_what_is_started_in_it_otherwise_than_the_image_would_is_named(
    part: str, value: object, said: str
) -> None:
    found = differences(lambda container: container["Config"].update({part: value}))
    assert found == [f"{said} is not the image's"]


def test_processors_and_an_address_of_its_own_are_compared() -> None:
    chosen = XML.replace("<Config", "<CPUset>2,3</CPUset><MyIP>10.0.0.9</MyIP><Config")
    assert differences(xml=chosen) == [
        "chosen processors is , the template says 2,3",
        "addresses is [], the template says ['10.0.0.9']",
    ]

    def choose(container: dict[str, Any]) -> None:
        container["HostConfig"]["CpusetCpus"] = "2,3"
        container["NetworkSettings"]["Networks"]["bridge"]["IPAMConfig"] = {"IPv4Address": "10.0.0.9"}

    assert differences(choose, chosen) == []


def test_what_cannot_be_understood_is_a_difference_and_no_failure() -> None:
    broken = XML.replace(">6960<", "><").replace("<Config", "<ExtraParams>--memory 4x</ExtraParams><Config")
    assert "--memory 4x in the template is not understood here" in differences(xml=broken)
    assert "port '' -> '5000' in the template is not understood here" in differences(xml=broken)
