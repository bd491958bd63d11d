"""The six files of a recognition database: made up for stand-ins, or real ones under other names."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any


def write_manifest(folder: Path, **fields: Any) -> None:
    """Let the manifest say what the files of ``folder`` are now, beside what it said."""
    manifest = folder / "manifest.json"
    said = json.loads(manifest.read_text()) if manifest.exists() else {}
    files = sorted(path for path in folder.iterdir() if path != manifest)
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    manifest.write_text(json.dumps({**said, **fields, "checksums": sums}))


def made_up_database(folder: Path, version: str, unique: bytes = b"") -> Path:
    """Six files for stand-ins, which read the manifest only; with ``unique`` in one of them."""
    folder.mkdir(parents=True)
    for name in ("face_arcface.voy", "face_facenet.voy", "faces.json", "performers.db"):
        (folder / name).write_text(f"the same in every release: {name}\n")
    (folder / "performers.json").write_bytes(version.encode() + unique)
    write_manifest(folder, version=version)
    return folder


def renamed_database(source: Path, folder: Path, version: str, names: dict[str, str]) -> Path:
    """A copy of a real database with another version, whose performers have other names."""
    shutil.copytree(source, folder)
    performers = json.loads((folder / "performers.json").read_text())
    for performer in performers.values():
        performer["name"] = names.get(performer["name"], performer["name"])
    (folder / "performers.json").write_text(json.dumps(performers))
    write_manifest(folder, version=version)
    return folder


def release_name(folder: Path) -> str:
    """As the role names it: the version, and the beginning of the sha256 of what sha256sum prints."""
    lines = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())
    )
    version = json.loads((folder / "manifest.json").read_text())["version"]
    return f"{version}-{hashlib.sha256(lines.encode()).hexdigest()[:8]}"
