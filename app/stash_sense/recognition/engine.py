"""All models loaded, run once and proven: what the recognition needs besides a database."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from stash_sense.checksums import sha256_of
from stash_sense.inference.detector_cache import ensure_detector
from stash_sense.inference.manifest import ModelError, ModelManifest, load_manifest
from stash_sense.inference.sessions import (
    CPU,
    SessionState,
    preload_cuda_libraries,
    wanted_providers,
)
from stash_sense.recognition.detector import FaceDetector
from stash_sense.recognition.embedding import Embedder
from stash_sense.recognition.golden import (
    GoldenAnswer,
    check_detector,
    compare,
    golden_vectors,
    read_golden,
)
from stash_sense.recognition.pipeline import FacePipeline
from stash_sense.settings import Settings

logger = logging.getLogger(__name__)

FACENET = "facenet512"
ARCFACE = "arcface"
DETECTOR = "detector"


@dataclass(frozen=True)
class Engine:
    """The loaded models.

    Attributes:
        model_hashes: model name -> sha256 of its file.
        states: where each session runs.
        golden: how the golden query came back; the models have run at least once for it.
        stand_ins: names of models whose file is not the manifest's.
    """

    pipeline: FacePipeline
    model_hashes: Mapping[str, str]
    states: tuple[SessionState, ...]
    golden: GoldenAnswer
    stand_ins: tuple[str, ...]


@dataclass(frozen=True)
class Embedders:
    """Both embedding models with the sha256 of their files."""

    models: Mapping[str, Embedder]
    hashes: Mapping[str, str]


def load_embedders(settings: Settings, manifest: ModelManifest, providers: list[str]) -> Embedders:
    """Load both embedding models from ``MODELS_DIR``; ``ModelError`` names the one that is wrong."""
    specs = [manifest.model(name) for name in (FACENET, ARCFACE)]
    paths = {spec.name: settings.models_dir / spec.file for spec in specs}
    models = {spec.name: Embedder(spec, paths[spec.name], providers) for spec in specs}
    return Embedders(models, {name: sha256_of(path) for name, path in paths.items()})


def load_engine(settings: Settings) -> Engine:
    """Load, warm and check every model. Takes seconds; blocking.

    Raises:
        ModelError: a model is missing or wrong; one line with the remedy.
    """
    manifest = load_manifest(settings.models_dir)
    providers = wanted_providers(settings.require_gpu)
    preload_cuda_libraries(providers)
    spec = manifest.model(DETECTOR)
    if spec.input is None:
        raise ModelError("the manifest's entry 'detector' has no input; add it")
    detector = FaceDetector(ensure_detector(spec, settings.insightface_home), spec.input, providers)
    embedders = load_embedders(settings, manifest, providers)
    pipeline = FacePipeline(detector, embedders.models[FACENET], embedders.models[ARCFACE])
    hashes = {**embedders.hashes, DETECTOR: spec.sha256}
    return Engine(
        pipeline=pipeline,
        model_hashes=hashes,
        states=(detector.state, *(model.state for model in embedders.models.values())),
        golden=_golden_query(settings, manifest, detector, embedders),
        stand_ins=tuple(n for n, digest in hashes.items() if manifest.model(n).sha256 != digest),
    )


def _golden_query(
    settings: Settings, manifest: ModelManifest, detector: FaceDetector, embedders: Embedders
) -> GoldenAnswer:
    seen = check_detector(detector)
    if not seen.ok:
        return seen
    reference = read_golden(settings.models_dir)
    origin = ""
    if reference is None or not reference.fits(embedders.hashes):
        # No vectors were recorded for these models: what the CPU says now is the reference.
        on_cpu = load_embedders(settings, manifest, [CPU])
        reference = golden_vectors(on_cpu.models, on_cpu.hashes)
        origin = "; reference made on the CPU at this start"
    answer = compare(golden_vectors(embedders.models, embedders.hashes), reference)
    return GoldenAnswer(answer.ok, f"{answer.reason}; {seen.reason}{origin}")
