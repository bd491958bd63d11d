"""What is wrong with an inventory, before any host is touched: a line for each, seen -> needed -> remedy."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_PATH = re.compile(r"(/[^/\s\x00-\x1f<>&\"':]+)+/?")
_CARD = re.compile(r"none|all|GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# In a header of HTTP they may stand; dockerMan or a shell would make something else of them.
_KEY_MANGLED = re.compile(r"[<>&\"'\\`$]")


def _line(seen: str, needed: str, remedy: str) -> str:
    return f"{seen} -> {needed} -> {remedy}"


def _path_faults(variable: str, path: str, remedy: str) -> Iterator[str]:
    if not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        yield _line(
            f"{variable} {path!r}", "an absolute path without blanks, quotes, colons, < > & or ..", remedy
        )


def _address_faults(url: str) -> Iterator[str]:
    needed = "the base address of Stash, such as http://host:6969, without a user, password, ? or #"
    remedy = "correct stash_sense_stash_url"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        yield _line("the address of Stash cannot be read", needed, remedy)
        return
    if parts.username or parts.password:
        yield _line("the address of Stash holds a user or password (not shown)", needed, remedy)
    elif (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or port == 0
        or parts.query
        or parts.fragment
        or re.search(r"\s", url)
    ):
        yield _line(f"the address of Stash is {url!r}", needed, remedy)


def _key_faults(key: str) -> Iterator[str]:
    # Told by its kind: the key itself is never shown.
    wrong = [
        kind
        for kind, found in {
            "blanks or line breaks": re.search(r"\s", key),
            "control characters": re.search(r"[\x00-\x08\x0e-\x1f\x7f]", key),
            "signs other than ASCII": not key.isascii(),
            "quotes or other signs that dockerMan would change": _KEY_MANGLED.search(key),
        }.items()
        if found
    ]
    if wrong:
        yield _line(
            f"the API key of Stash has {' and '.join(wrong)} in it (not shown)",
            "the key alone, as Stash's settings show it under Security",
            "copy it again into the vault, or into the environment as STASH_API_KEY",
        )


def inventory_faults(values: Mapping[str, Any]) -> list[str]:
    """Name what no host could take.

    Args:
        values: container, port, gpu, directory; mount, templates, stash_url, stash_api_key (each may be "").
    """
    faults: list[str] = []
    port = str(values["port"])
    if not port.isdecimal() or int(port) not in range(1, 65536):
        faults.append(_line(f"port {port}", "a port is 1 to 65535", "correct stash_sense_host_port"))
    if not _NAME.fullmatch(str(values["container"])):
        faults.append(
            _line(
                f"name {values['container']!r}",
                "letters, digits, . _ - only, and a letter or digit first",
                "correct stash_sense_name",
            )
        )
    if not _CARD.fullmatch(str(values["gpu"])):
        faults.append(
            _line(
                f"gpu {values['gpu']!r}", "none, all, or a card's uuid (GPU-...)", "correct stash_sense_gpu"
            )
        )
    directory, mount = str(values["directory"]), str(values["mount"])
    faults += _path_faults("directory", directory, "correct stash_sense_appdata")
    if mount:
        faults += _path_faults("pool", mount, "correct stash_sense_pool: the pool's name alone")
    if mount and not directory.startswith(f"{mount}/"):
        faults.append(
            _line(
                f"directory {directory!r}",
                f"a path below the pool {mount}",
                "correct stash_sense_appdata or stash_sense_pool",
            )
        )
    if values["templates"]:
        faults += _path_faults("template directory", str(values["templates"]), "correct template_install_dir")
    if values["stash_url"]:
        faults += _address_faults(str(values["stash_url"]))
    faults += _key_faults(str(values["stash_api_key"]))
    return faults


def unknown_variables(
    names: Iterable[str], known: Iterable[str], prefix: str, removed: Mapping[str, str]
) -> list[str]:
    """Name the variables that nothing reads: removed, misspelt, or unknown with this ``prefix``.

    Without the prefix only a name close to a known one is told: people may have names of their own.
    """
    described = set(known)
    faults = []
    for name in sorted(set(names) - described):
        if name in removed:
            faults.append(_line(f"the variable {name}", "it is gone", removed[name]))
            continue
        close = difflib.get_close_matches(name, described, n=1, cutoff=0.9)
        if not close and name.startswith(prefix):
            close = difflib.get_close_matches(name, described, n=1, cutoff=0.0)
        if close:
            faults.append(
                _line(f"the variable {name}", "one that is read", f"did you mean {close[0]}? Else remove it")
            )
    return faults


def variables_in(folder: str) -> list[str]:
    """The names that the YAML files below a folder of variables define."""
    return sorted(
        {name for file in Path(folder).rglob("*.yml") for name in yaml.safe_load(file.read_text()) or {}}
    )


def described_options(specs: Iterable[str]) -> dict[str, Any]:
    """The options of all entry points of these argument specs, given as YAML text."""
    return {
        name: option
        for text in specs
        for spec in yaml.safe_load(text)["argument_specs"].values()
        for name, option in spec["options"].items()
    }


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "inventory_faults": inventory_faults,
            "unknown_variables": unknown_variables,
            "variables_in": variables_in,
            "described_options": described_options,
        }
