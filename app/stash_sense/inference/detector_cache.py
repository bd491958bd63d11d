"""The face detector's file: found in the InsightFace cache, or downloaded to it on the first run."""

from __future__ import annotations

import logging
import os
import zipfile
from pathlib import Path

import httpx

from stash_sense.checksums import sha256_of
from stash_sense.inference.manifest import ModelError, ModelSpec

logger = logging.getLogger(__name__)

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
# An archive larger than this is not the one of the manifest (the pack has about 15 MB).
_MAX_ARCHIVE_BYTES = 512 * 1024 * 1024


def detector_path(spec: ModelSpec, insightface_home: Path) -> Path:
    """Where InsightFace keeps it: ``<home>/models/buffalo_sc/det_500m.onnx``."""
    return insightface_home / "models" / spec.file


def ensure_detector(spec: ModelSpec, insightface_home: Path) -> Path:
    """The verified file of the detector, downloaded when the cache does not have it.

    Raises:
        ModelError: it is not there and cannot be fetched, or what is there is not the manifest's.
    """
    path = detector_path(spec, insightface_home)
    try:
        if path.is_file():
            if sha256_of(path) == spec.sha256:
                return path
            logger.warning("%s is not the manifest's file (sha256 differs); fetching it again", path)
        _download(spec, path)
    except (httpx.HTTPError, OSError, zipfile.BadZipFile, KeyError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ModelError(
            f"the face detector is not at {path} and cannot be downloaded from {spec.url} ({reason}); "
            f"put {path.name} there or let the sidecar reach the internet once"
        ) from error
    return path


def _download(spec: ModelSpec, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fetched = path.with_name(path.name + ".download")
    _fetch(spec.url, fetched)
    unpacked = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        if spec.member is None:
            fetched.replace(unpacked)
        else:
            with zipfile.ZipFile(fetched) as archive:
                unpacked.write_bytes(archive.read(_member(archive, spec.member)))
        found = sha256_of(unpacked)
        if found != spec.sha256:
            raise OSError(f"its sha256 is {found}, the manifest's is {spec.sha256}")
        unpacked.replace(path)
    finally:
        unpacked.unlink(missing_ok=True)
        # Whole or wrong, it has served; only an interrupted download is worth keeping.
        fetched.unlink(missing_ok=True)


def _member(archive: zipfile.ZipFile, name: str) -> str:
    # Packs are made with and without a folder of their own name.
    return next((entry for entry in archive.namelist() if Path(entry).name == name), name)


def _fetch(url: str, target: Path) -> None:
    """Download to ``target``, going on where an interrupted download stopped."""
    have = target.stat().st_size if target.is_file() else 0
    # As it lies there: a compressed answer could not be gone on with.
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
    with httpx.stream("GET", url, headers=headers, timeout=_TIMEOUT, follow_redirects=True) as response:
        if have and response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return
        response.raise_for_status()
        resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
        size = have if resumed else 0
        with target.open("ab" if resumed else "wb") as stream:
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > _MAX_ARCHIVE_BYTES:
                    raise OSError(f"it is larger than {_MAX_ARCHIVE_BYTES} bytes")
                stream.write(chunk)
