#!/usr/bin/env python3
"""Writes the variables of every role into its README, from meta/argument_specs.yml, the single description.

usage: role_docs.py [--check]      --check only tells which READMEs are out of date, and exits 1 when one is
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROLES = Path(__file__).resolve().parent.parent / "roles"
BEGIN = "<!-- variables: written by scripts/role_docs.py from meta/argument_specs.yml -->"
END = "<!-- end of variables -->"


def sentences(text: str | list[str]) -> str:
    """A description as one line; Ansible's C() and I() become Markdown."""
    line = " ".join(text) if isinstance(text, list) else text
    for mark in ("C(", "I("):
        while mark in line:
            before, _, rest = line.partition(mark)
            inside, _, after = rest.partition(")")
            line = f"{before}`{inside}`{after}"
    return " ".join(line.split()).replace("|", "\\|")


def kind(option: dict[str, Any]) -> str:
    """The type, with the elements of a list or the choices."""
    text = str(option["type"])
    if "elements" in option:
        text += f" of {option['elements']}"
    if "choices" in option:
        text += ": " + ", ".join(f"`{choice}`" if choice != "" else '`""`' for choice in option["choices"])
    return text.replace("|", "\\|")


def default(option: dict[str, Any]) -> str:
    """The default as YAML in one line, or that there has to be a value."""
    if option.get("required"):
        return "**required**"
    text = yaml.safe_dump(option.get("default"), default_flow_style=True, width=10**6)
    return f"`{text.removesuffix(chr(10)).removesuffix(chr(10) + '...')}`"


def rows(options: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """A row for each variable, and for each key of a variable that has keys."""
    for name, option in options.items():
        full = f"{prefix}{name}"
        yield f"| `{full}` | {kind(option)} | {default(option)} | {sentences(option['description'])} |"
        yield from rows(option.get("options", {}), f"{full}.")


def section(specs: dict[str, Any]) -> str:
    """The generated part: a table, once for entry points that share their variables."""
    tables: dict[str, list[str]] = {}
    for entry, spec in specs.items():
        tables.setdefault("\n".join(rows(spec["options"])), []).append(
            f"`{entry}` ({spec['short_description']})"
        )
    parts = [BEGIN]
    for table, entries in tables.items():
        parts += ["", f"Entry points: {'; '.join(entries)}.", ""]
        parts += ["| variable | type | default | meaning |", "| --- | --- | --- | --- |", table]
    return "\n".join([*parts, "", END])


def rewritten(readme: str, generated: str) -> str:
    """The README with its generated part replaced; ValueError when it has no place for one."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the lines {BEGIN!r} and {END!r} are missing")
    return f"{before}{generated}{after}"


def outdated(role: Path, check: bool) -> bool:
    """Whether the README of a role was not current; writes it unless only checking."""
    specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text())["argument_specs"]
    readme = role / "README.md"
    text = readme.read_text()
    current = rewritten(text, section(specs))
    if current == text:
        return False
    if not check:
        readme.write_text(current)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit 1 when a README is out of date"
    )
    check = parser.parse_args().check
    stale = [role.name for role in sorted(ROLES.iterdir()) if outdated(role, check)]
    if check and stale:
        print(
            f"out of date: roles/{{{','.join(stale)}}}/README.md -> run scripts/role_docs.py", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
