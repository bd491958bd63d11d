"""What dockerMan would make of a template, and what it would mangle."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from ansible.errors import AnsibleFilterError

# dockerMan decodes entities twice, strips what looks like a tag, and collapses runs of blanks.
_MANGLED = re.compile(r'[<>&"]|\s{2,}|^\s|\s$|[\r\n\t]')
_WHOLE = 'no < > & ", no outer or double blanks, no line breaks: dockerMan would change them'
# It pastes these into a root shell without quoting.
_OPTIONS = re.compile(r"[A-Za-z0-9 ._:/=,@-]*")
# dockerMan stamps it at every Apply; it says nothing about the container.
_WITHOUT_MEANING = {"DateInstalled"}

Meaning = dict[str, str]


def unraid_template_faults(
    fields: Sequence[Mapping[str, Any]], elements: Mapping[str, str], texts: Mapping[str, str] | None = None
) -> list[str]:
    """Name what dockerMan would mangle or run: one line per fault, without the values of masked fields.

    Args:
        fields: the Config elements, with name, target, default, mode, description, type, value and mask.
        elements: texts that may hold option characters only, by the element's name; ExtraParams and PostArgs
            go unquoted into a shell.
        texts: the other elements' texts, by the variable that a person would correct.
    """
    faults = []
    for field in fields:
        for part in ("name", "target", "default", "mode", "description", "value"):
            if _MANGLED.search(str(field[part])):
                shown = "(not shown)" if field["mask"] and part == "value" else repr(str(field[part]))
                faults.append(f"{part} of {field['name']!r} is {shown} -> {_WHOLE} -> correct this value")
        if field["mask"] and field["default"]:
            faults.append(
                f"{field['name']!r} is masked and has a default -> none: an empty value would become it"
                " -> remove the default"
            )
        if field["type"] == "Path" and field["mode"].split(",")[0] not in {"rw", "ro"}:
            faults.append(f"mode of {field['name']!r} is {field['mode']!r} -> rw or ro -> correct the mode")
    faults += _repository_faults(elements.get("Repository", ""))
    for name, text in elements.items():
        if not _OPTIONS.fullmatch(text):
            faults.append(
                f"{name} is {text!r} -> option characters only: it goes into a root shell as it is"
                f" -> remove the others"
            )
    faults += [
        f"{variable} is {text!r} -> {_WHOLE} -> correct {variable}"
        for variable, text in (texts or {}).items()
        if _MANGLED.search(text)
    ]
    return faults


def _repository_faults(repository: str) -> list[str]:
    """What dockerMan of one version or another cannot pull."""
    faults = []
    if "@" in repository:
        faults.append(
            f"Repository is {repository!r} -> name:tag: dockerMan mangles a digest -> name a tag instead"
        )
    if ":" in repository.partition("/")[0] and "/" in repository:
        faults.append(
            f"Repository is {repository!r} -> no port: unRAID 6.12 cannot read that -> name the registry"
            " as image_registry, and leave it out of stash_sense_repository"
        )
    return faults


def unraid_template_meaning(xml: str) -> Meaning:
    """Reduce a template to what it says: the element or the Config's type and target -> its content.

    Raises:
        AnsibleFilterError: when it is not well-formed, which would break the server's whole Docker page.
    """
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        raise AnsibleFilterError(f"the template is no well-formed XML: {error}") from error
    meaning: Meaning = {}
    for element in root:
        if element.tag in _WITHOUT_MEANING:
            continue
        text = (element.text or "").strip()
        if element.tag == "Config":
            attributes = dict(sorted(element.attrib.items()))
            meaning[f"{element.get('Type')} {element.get('Target')}"] = f"{text} {attributes}"
        else:
            meaning[element.tag] = text
    return meaning


def unraid_template_fault(xml: str) -> str:
    """Why a template cannot be read; empty when it can."""
    try:
        unraid_template_meaning(xml)
    except AnsibleFilterError as error:
        return f"the template cannot be read: {error}"
    return ""


def unraid_template_differences(installed: str, rendered: str) -> list[str]:
    """Name the elements and fields in which two templates differ; never their values, which may be secret.

    An installed template that cannot be read differs as a whole.
    """
    wanted = unraid_template_meaning(rendered)
    try:
        found = unraid_template_meaning(installed)
    except AnsibleFilterError:
        return (
            ["the whole file, which is no well-formed XML"] if installed.strip() else ["there is no file yet"]
        )
    names = [*wanted, *(name for name in found if name not in wanted)]
    return [name for name in names if wanted.get(name) != found.get(name)]


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "unraid_template_faults": unraid_template_faults,
            "unraid_template_meaning": unraid_template_meaning,
            "unraid_template_fault": unraid_template_fault,
            "unraid_template_differences": unraid_template_differences,
        }
