"""The one description of the sidecar, and the template that Community Applications gets of it."""

import subprocess
from pathlib import Path
from xml.etree import ElementTree

ATTRIBUTES = ["Name", "Target", "Default", "Mode", "Description", "Type", "Display", "Required", "Mask"]
ELEMENTS = [
    "Name",
    "Repository",
    "Registry",
    "Network",
    "MyIP",
    "Shell",
    "Privileged",
    "Support",
    "Project",
    "Overview",
    "Category",
    "WebUI",
    "TemplateURL",
    "Icon",
    "ExtraParams",
    "PostArgs",
    "CPUset",
    "DateInstalled",
    "DonateText",
    "DonateLink",
    "Requires",
]


def test_the_community_template_is_current_whatever_the_inventory_says(
    repository: Path, tmp_path: Path
) -> None:
    rendered = tmp_path / "unraid-template.xml"
    subprocess.run(
        [
            "ansible-playbook",
            "-i",
            "inventories/unraid",
            "playbooks/template.yml",
            "-e",
            f"template_out={rendered}",
        ],
        cwd=repository,
        check=True,
        capture_output=True,
    )
    assert rendered.read_text() == (repository / "unraid-template.xml").read_text(), (
        "run ansible-playbook -i inventories/unraid playbooks/template.yml"
    )


def test_it_has_dockermans_elements_in_dockermans_order(repository: Path) -> None:
    root = ElementTree.parse(repository / "unraid-template.xml").getroot()
    assert (root.tag, root.attrib) == ("Container", {"version": "2"})
    assert [e.tag for e in root if e.tag != "Config"] == ELEMENTS
    assert all(list(config.attrib) == ATTRIBUTES for config in root.iter("Config"))


def test_it_shows_the_fields_that_the_owner_wants(repository: Path) -> None:
    root = ElementTree.parse(repository / "unraid-template.xml").getroot()
    fields = {config.attrib["Target"]: config for config in root.iter("Config")}
    shown = [target for target, config in fields.items() if config.attrib["Display"] == "always"]
    assert shown == ["5000", "/data", "/root/.insightface", "STASH_URL", "STASH_API_KEY"]
    assert [t for t, config in fields.items() if config.attrib["Display"] == "advanced"] == [
        "DATA_DIR",
        "PYTHONUNBUFFERED",
        "ENABLE_BODY_SIGNAL",
        "ENABLE_TATTOO_SIGNAL",
        "STASH_RATE_LIMIT",
        "REQUIRE_GPU",
    ]
    assert root.findtext("Repository") == "carrotwaxr/stash-sense:latest"
    assert root.findtext("Network") == "bridge"
    assert root.findtext("ExtraParams") == "--runtime=nvidia --gpus all"


def test_it_has_no_value_of_its_owner_so_that_defaults_for_anybody_apply(repository: Path) -> None:
    root = ElementTree.parse(repository / "unraid-template.xml").getroot()
    configs = list(root.iter("Config"))
    assert [config.attrib["Target"] for config in configs if config.text] == []
    assert {config.attrib["Target"]: config.attrib["Default"] for config in configs} == {
        "5000": "6960",
        "/data": "/mnt/user/appdata/stash-sense/data/",
        "/root/.insightface": "/mnt/user/appdata/stash-sense/insightface-cache/",
        "STASH_URL": "",
        "STASH_API_KEY": "",
        "DATA_DIR": "/data",
        "PYTHONUNBUFFERED": "1",
        "ENABLE_BODY_SIGNAL": "true",
        "ENABLE_TATTOO_SIGNAL": "false",
        "STASH_RATE_LIMIT": "5.0",
        "REQUIRE_GPU": "auto",
    }


def test_its_icon_and_its_own_address_are_files_of_this_repository(repository: Path) -> None:
    root = ElementTree.parse(repository / "unraid-template.xml").getroot()
    for element, file in (("Icon", "icon.png"), ("TemplateURL", "unraid-template.xml")):
        address = root.findtext(element) or ""
        assert address.endswith(f"/main/{file}")
        assert (repository / file).is_file()
    assert (repository / "icon.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_it_has_no_secret(repository: Path) -> None:
    root = ElementTree.parse(repository / "unraid-template.xml").getroot()
    masked = [config for config in root.iter("Config") if config.attrib["Mask"] == "true"]
    assert [config.attrib["Target"] for config in masked] == ["STASH_API_KEY"]
    assert not masked[0].text
    assert masked[0].attrib["Default"] == ""
