"""Photos for builds: the test people's, changed and arranged by a real encoder."""

from __future__ import annotations

import shutil
from pathlib import Path

from PIL import Image


def copy_people(faces_dir: Path, target: Path) -> Path:
    """A folder for each of the three people, to be changed at will."""
    shutil.copytree(faces_dir / "people", target, copy_function=shutil.copyfile)
    for folder in (target, *target.iterdir()):
        folder.chmod(0o755)
    return target


def many_photos(faces_dir: Path, target: Path, count: int) -> Path:
    """One person, and ``count`` files that all show them and all differ."""
    target.mkdir(parents=True)
    with Image.open(faces_dir / "people/obama/1.jpg") as picture:
        small = picture.convert("RGB")
        small.thumbnail((300, 300))
    for number in range(count):
        small.save(target / f"{number:03}.jpg", quality=60 + number)
    return target


def beside(left: Path, right: Path, target: Path, right_scale: float) -> None:
    """Two photos side by side, the right one scaled."""
    with Image.open(left) as a, Image.open(right) as b:
        scaled = b.resize((round(b.width * right_scale), round(b.height * right_scale)))
        sheet = Image.new("RGB", (a.width + scaled.width, max(a.height, scaled.height)))
        sheet.paste(a, (0, 0))
        sheet.paste(scaled, (a.width, 0))
        sheet.save(target, quality=95)
