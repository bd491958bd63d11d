"""The template on the server's flash drive, which keeps neither modes nor the difference of capitals."""

import pytest
from support.dockerman import TEMPLATES
from support.play import Play
from support.unraid import UnraidServer

from .switching import NAME, TEMPLATE, containers, switch, template


@pytest.fixture(scope="module", autouse=True)
def _as_described(server: UnraidServer, deployment: Play) -> None:
    """Whatever other files' tests have deployed to it."""
    play = server.play("deploy")
    assert play.status == 0, play.output


def listed(server: UnraidServer) -> list[str]:
    return server.sh(f"ls -A {TEMPLATES}").split()


def test_there_is_one_file_for_it_by_its_exact_name(deployed: UnraidServer) -> None:
    text, before = template(deployed), deployed.started
    # As the form of the page once saved it, and a copy that somebody made.
    deployed.sh(f"cd {TEMPLATES} && mv my-{NAME}.xml x && mv x my-Stash-Sense.xml")
    deployed.sh(f"cd {TEMPLATES} && sed 's/>5000</>6000</' my-Stash-Sense.xml > my-copy.xml")
    deployed.sh(f"cd {TEMPLATES} && echo '<Container><Name>another</Name></Container>' > my-another.xml")

    play = switch(deployed)
    assert play.status == 0, play.output
    output = " ".join(play.output.split())
    assert "the file is called my-Stash-Sense.xml" in output
    assert f"my-copy.xml has the same <Name> and is kept as my-copy.xml.before-{NAME}" in output
    assert sorted(listed(deployed)) == sorted(
        ["my-another.xml", f"my-copy.xml.before-{NAME}", f"my-{NAME}.xml"]
    )
    assert template(deployed).replace("<DateInstalled>", "") != ""
    assert deployed.started == before
    again = switch(deployed)
    assert (again.status, again.changed) == (0, 0), again.output
    deployed.sh(f"rm {TEMPLATES}/my-another.xml {TEMPLATES}/my-copy.xml.before-{NAME}")
    assert text.count("<Config ") == template(deployed).count("<Config ")


def test_another_containers_template_is_never_overwritten(deployed: UnraidServer) -> None:
    text, before = template(deployed), deployed.started
    others = "<Container><Name>STASH-SENSE</Name></Container>"
    deployed.sh(f"rm {TEMPLATE} && echo '{others}' > {TEMPLATES}/my-STASH-SENSE.xml")
    try:
        play = switch(deployed)
        assert play.status != 0
        output = " ".join(play.output.split())
        assert f"{TEMPLATES}/my-STASH-SENSE.xml is the template of STASH-SENSE" in output
        assert "choose another stash_sense_name" in output
        assert deployed.sh(f"cat {TEMPLATES}/my-STASH-SENSE.xml") == others
        assert (containers(deployed), deployed.started) == ([NAME], before)
    finally:
        deployed.sh(f"rm {TEMPLATES}/my-STASH-SENSE.xml")
        assert switch(deployed).status == 0
    assert text.count("<Config ") == template(deployed).count("<Config ")
