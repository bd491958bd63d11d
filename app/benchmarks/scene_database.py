"""A database as large as wanted: the people of a folder of photos among strangers who never were."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import voyager
from numpy.typing import NDArray

from stash_sense.checksums import sha256_of
from stash_sense.database.index import VectorIndex
from stash_sense.inference.manifest import load_manifest
from stash_sense.inference.sessions import CPU
from stash_sense.recognition.alignment import CROP_SIZE
from stash_sense.recognition.engine import ARCFACE, FACENET, load_embedders
from stash_sense.settings import RequireGpu, Settings
from tests.support.sidecar import environment

DIMENSIONS = 512
FACES_OF_A_STRANGER = 4
# Cosine of two faces of one person.
WITHIN_PERSON = 0.6


def large_database(folder: Path, photos: Path, faces: int) -> Path:
    """The six files. Made when the folder has none."""
    if not (folder / "manifest.json").exists():
        _build(folder, photos)
        _fill(folder, faces)
    return folder


def _build(folder: Path, photos: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "stash_sense",
        "build-database",
        "--photos",
        str(photos),
        "--out",
        str(folder),
    ]
    models = {"MODELS_DIR": os.environ["MODELS_DIR"], "REQUIRE_GPU": "false"}
    home = folder.parent / "insightface_for_building"
    place = home / "models/buffalo_sc/det_500m.onnx"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to((Path(models["MODELS_DIR"]) / "buffalo_sc/det_500m.onnx").resolve())
    variables = {**models, "INSIGHTFACE_HOME": str(home)}
    subprocess.run(command, env=environment(variables), check=True, capture_output=True)


def _fill(folder: Path, faces: int) -> None:
    names = json.loads((folder / "faces.json").read_text("utf-8"))
    performers = json.loads((folder / "performers.json").read_text("utf-8"))
    random = np.random.default_rng(5)
    strangers = [f"stashdb.org:stranger-{i // FACES_OF_A_STRANGER}" for i in range(faces - len(names))]
    directions = _directions(random)
    for file, model in (("face_facenet.voy", FACENET), ("face_arcface.voy", ARCFACE)):
        index = VectorIndex.load(folder / file)
        real = np.stack([index.vector(int(i)) for i in index.ids])
        _write(folder / file, np.concatenate([real, _made_up(len(strangers), directions[model], random)]))
    for stranger in set(strangers):
        performers[stranger] = {
            "name": stranger,
            "country": None,
            "image_url": None,
            "face_count": FACES_OF_A_STRANGER,
        }
    (folder / "faces.json").write_text(json.dumps(names + strangers), "utf-8")
    (folder / "performers.json").write_text(json.dumps(performers), "utf-8")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest |= {"face_count": faces, "performer_count": len(performers)}
    manifest["checksums"] = {name: f"sha256:{sha256_of(folder / name)}" for name in manifest["checksums"]}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def _directions(random: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    """For each model, orthonormal rows (d, 512): the directions that its vectors have at all.

    Strangers in all 512 would be far too easy to tell from people whose vectors use a quarter of them.
    """
    settings = Settings(models_dir=Path(os.environ["MODELS_DIR"]), require_gpu=RequireGpu.FALSE)
    embedders = load_embedders(settings, load_manifest(settings.models_dir), [CPU])
    found = {}
    for name, model in embedders.models.items():
        coarse = random.integers(0, 256, (600, 8, 8, 3), dtype=np.uint8)
        crops = coarse.repeat(CROP_SIZE // 8, axis=1).repeat(CROP_SIZE // 8, axis=2)
        _, sizes, rows = np.linalg.svd(_unit(model.embed(crops).astype(np.float64)), full_matrices=False)
        found[name] = rows[sizes > sizes[0] / 1000]
    return found


def _made_up(count: int, directions: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float32]:
    people = _unit(random.standard_normal((-(-count // FACES_OF_A_STRANGER), len(directions))))
    centres = np.repeat(people, FACES_OF_A_STRANGER, axis=0)[:count]
    noise = _unit(random.standard_normal(centres.shape))
    mixed = WITHIN_PERSON**0.5 * centres + (1 - WITHIN_PERSON) ** 0.5 * noise
    made: NDArray[np.float32] = (mixed @ directions).astype(np.float32)
    return made


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    units: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return units


def _write(path: Path, vectors: NDArray[np.float32]) -> None:
    # The sidecar searches exactly: the graph may be as poor as it is quick to build.
    index = voyager.Index(voyager.Space.Cosine, DIMENSIONS, M=4, ef_construction=8, max_elements=len(vectors))
    index.add_items(vectors, list(range(len(vectors))))
    index.save(str(path))
