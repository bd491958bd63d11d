"""What unRAID's Docker page would do with a template: the command by which it makes a container."""

import html
import shlex
from pathlib import PurePosixPath
from xml.etree import ElementTree

TEMPLATES = PurePosixPath("/boot/config/plugins/dockerMan/templates-user")


def create_command(xml: str, time_zone: str, server: str, name: str) -> str:
    """`docker create` as dockerMan's Apply composes it, in its order, for a container of another ``name``.

    Written from what is known of dockerMan, not from the roles, so that both can be compared.
    """
    root = ElementTree.fromstring(xml)

    def text(tag: str) -> str:
        return html.unescape(root.findtext(tag) or "")

    configs = [
        (c.attrib, html.unescape(c.text or "") or html.unescape(c.attrib["Default"]))
        for c in root.iter("Config")
    ]
    q = shlex.quote
    words = ["docker", "create", f"--name={q(name)}", f"--net={q(text('Network').lower())}"]
    if "--pids-limit" not in text("ExtraParams"):
        words += ["--pids-limit", "2048"]
    words += ["-e", f"TZ={q(time_zone)}", "-e", "HOST_OS=Unraid", "-e", f"HOST_HOSTNAME={q(server)}"]
    words += ["-e", f"HOST_CONTAINERNAME={q(text('Name'))}"]
    words += [w for c, v in configs if c["Type"] == "Variable" for w in ("-e", f"{q(c['Target'])}={q(v)}")]
    words += ["-l", "net.unraid.docker.managed=dockerman"]
    words += ["-l", f"net.unraid.docker.webui={q(text('WebUI'))}"]
    words += ["-l", f"net.unraid.docker.icon={q(text('Icon'))}"]
    words += [
        w for c, v in configs if c["Type"] == "Port" for w in ("-p", q(f"{v}:{c['Target']}/{c['Mode']}"))
    ]
    words += [
        w for c, v in configs if c["Type"] == "Path" for w in ("-v", q(f"{v}:{c['Target']}:{c['Mode']}"))
    ]
    # Unquoted, into a root shell.
    return " ".join([*words, text("ExtraParams"), q(text("Repository")), text("PostArgs")])
