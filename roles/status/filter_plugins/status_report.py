"""What a person, or a program, is told about a host."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Report = dict[str, Any]

_GIB, _MIB = 2**30, 2**20


def status_report(
    seen: Mapping[str, Any],
    records: Sequence[Mapping[str, Any]],
    images: Sequence[Mapping[str, Any]],
    drift: Mapping[str, Sequence[str]],
    lock: Mapping[str, Any],
) -> Report:
    """One document about a host.

    Args:
        seen: as look.sh prints it.
        records: of releases, oldest first; the newest is the current one.
        images: of the repository.
        drift: differences by what was compared with what; None where nothing could be compared.
        lock: who, what, since; empty when nobody has it.
    """
    answer = _answer(seen["ready"])
    checks = {check["name"]: check for check in answer.get("checks", [])}
    newest = records[-1]["id"] if records else ""
    return {
        "engine": {"version": seen["engine"], "error": _text(seen["engine_error"])},
        "container": dict(seen["container"]),
        "image_tags": [i["reference"] for i in images if i["id"] == seen["container"]["image_id"]],
        "ready": bool(answer.get("ready")),
        "checks": [dict(check) for check in checks.values()],
        "gpu": dict(checks.get("gpu", {"state": "unknown", "reason": "the sidecar does not answer"})),
        "database": answer.get("database") or {},
        "data_current": seen["current"],
        "releases": [{**record, "current": record["id"] == newest} for record in records],
        "data_releases": list(seen["data_releases"]),
        "images": list(images),
        "drift": {**drift, "record": _from_record(seen, records)},
        "lock": dict(lock),
        "disk": {
            "data_releases": seen["data_bytes"],
            "database": seen["database_bytes"],
            "images": sum({image["id"]: image["bytes"] for image in images}.values()),
            "free": seen["free_bytes"],
            "total": seen["disk_bytes"],
        },
    }


def _text(encoded: str) -> str:
    return " ".join(base64.b64decode(encoded).decode(errors="replace").split())


def _answer(encoded: str) -> Mapping[str, Any]:
    try:
        answer = json.loads(base64.b64decode(encoded))
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _from_record(seen: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> list[str]:
    """In what the host is another than the newest record says."""
    if not records:
        return ["there is no record"]
    deployed, running = records[-1]["deployed"], seen["container"]["image_id"]
    differences = []
    if running and deployed.get("image_id") not in ("", None, running):
        differences.append("another image runs")
    if deployed.get("data") and seen["current"] != deployed["data"]:
        differences.append(f"current is {seen['current'] or 'nothing'}, not {deployed['data']}")
    return differences


def status_lines(report: Report) -> list[str]:
    """The document as a table for a person."""
    return [
        f"sidecar:   {_sidecar(report)}",
        f"image:     {_image(report)}",
        f"data:      {_data(report)}",
        f"GPU:       {report['gpu']['state']}: {report['gpu']['reason']}",
        *_drift(report["drift"]),
        f"lock:      {_lock(report['lock'])}",
        f"disk:      {_disk(report['disk'])}",
        "releases:  newest first; playbooks/rollback.yml -e release=ID goes back to one",
        *_releases(report["releases"]),
    ]


def _sidecar(report: Report) -> str:
    if not report["engine"]["version"]:
        return f"unknown: no Docker engine answers ({report['engine']['error']}) -> start Docker"
    container = report["container"]
    if container["state"] == "missing":
        return "there is no container -> playbooks/deploy.yml makes it"
    since = container["since"].split(".")[0]
    if container["state"] != "running":
        return f"{container['state']} since {since} -> playbooks/deploy.yml starts it"
    if report["ready"]:
        return f"ready, runs since {since}, port {container['port']}"
    wrong = [f"{c['name']}: {c['reason']}" for c in report["checks"] if c["state"] not in ("ok", "off")]
    return f"runs since {since}, but is not ready: {'; '.join(wrong) or 'it does not answer'}"


def _image(report: Report) -> str:
    identity = report["container"]["image_id"].removeprefix("sha256:")[:12]
    return f"{identity} {', '.join(report['image_tags'])}".strip() if identity else "none runs"


def _data(report: Report) -> str:
    served = report["database"].get("version")
    current = report["data_current"] or "none"
    return f"{current}, served as version {served}" if served else f"{current}, served by nobody"


def _drift(drift: Mapping[str, Sequence[str] | None]) -> list[str]:
    lines = []
    for name, differences in drift.items():
        said = "not compared" if differences is None else "; ".join(differences) or "none"
        lines.append(f"drift:     {name}: {said}")
    return lines


def _lock(lock: Mapping[str, Any]) -> str:
    return f"{lock['who']} since {lock['since']} ({lock['what']})" if lock else "free"


def _disk(disk: Mapping[str, int]) -> str:
    return (
        f"data releases {_size(disk['data_releases'])}, stash_sense.db {_size(disk['database'])},"
        f" images at most {_size(disk['images'])}; free {_size(disk['free'])} of {_size(disk['total'])}"
    )


def _size(count: int) -> str:
    return f"{count / _GIB:.1f} GiB" if count >= _GIB else f"{count / _MIB:.1f} MiB"


def _releases(releases: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [("", "id", "what", "image", "data", "by")]
    rows += [
        (
            "*" if r["current"] else "",
            r["id"],
            f"{r['kind']} to {r['back_to']}" if r["back_to"] else r["kind"],
            str(r["deployed"].get("image", "?")).rpartition(":")[2],
            str(r["deployed"].get("data") or "none"),
            r["who"],
        )
        for r in reversed(releases)
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"status_report": status_report, "status_lines": status_lines}
