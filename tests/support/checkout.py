"""A copy of the repository to change and build, with local models where the build looks for them."""

import shutil
from pathlib import Path

NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".cache", ".local", ".ansible", "__pycache__", ".*_cache"
)
BAKED_IN = ("facenet512.onnx", "arcface.onnx", "pose_landmarker_lite.task")


def copy_checkout(repository: Path, models_dir: Path, to: Path) -> Path:
    """Copy the working tree and the models to bake in to ``to``, which must not exist yet."""
    shutil.copytree(repository, to, ignore=NOT_COPIED, symlinks=True)
    models = to / ".cache/models"
    models.mkdir(parents=True)
    for name in BAKED_IN:
        shutil.copyfile(models_dir / name, models / name)
    return to
