"""A copy of the repository to change, build and deploy from."""

import shutil
from pathlib import Path

NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".cache", ".local", ".ansible", "__pycache__", ".*_cache"
)
BAKED_IN = ("facenet512.onnx", "arcface.onnx", "pose_landmarker_lite.task")


def copy_checkout(repository: Path, to: Path) -> Path:
    """Copy the working tree to ``to``, which must not exist yet, without what is made or kept in it."""
    return Path(shutil.copytree(repository, to, ignore=NOT_COPIED, symlinks=True))


def lay_out_models(models_dir: Path, checkout: Path) -> None:
    """Put the models to bake in where the build looks for them."""
    models = checkout / ".cache/models"
    models.mkdir(parents=True)
    for name in BAKED_IN:
        shutil.copyfile(models_dir / name, models / name)
