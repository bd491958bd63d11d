"""The first run's download, from a real HTTP server on loopback."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stash_sense.inference.detector_cache import detector_path, ensure_detector
from stash_sense.inference.manifest import ModelError, ModelSpec, load_manifest


@dataclass
class Archive:
    """What the server has, how far it sends before it hangs up, and the ranges it was asked for."""

    url: str
    content: bytes = b""
    cut_at: int | None = None
    ranges: list[str | None] = field(default_factory=list)


@pytest.fixture
def archive(models_dir: Path) -> Iterator[Archive]:
    held = Archive("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            held.ranges.append(asked)
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
            if asked and start >= len(held.content):
                self.send_error(416)
                return
            self.send_response(206 if asked else 200)
            self.send_header("Content-Length", str(len(held.content) - start))
            self.end_headers()
            self.wfile.write(held.content[start : held.cut_at])
            if held.cut_at is not None:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as pack:
        pack.write(models_dir / "buffalo_sc/det_500m.onnx", "det_500m.onnx")
        pack.writestr("w600k_mbf.onnx", b"another model of the pack")
    held.content = buffer.getvalue()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{server.server_port}/buffalo_sc.zip"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield held
    server.shutdown()
    server.server_close()


@pytest.fixture
def spec(archive: Archive, tmp_path: Path) -> ModelSpec:
    return load_manifest(tmp_path).model("detector").model_copy(update={"url": archive.url})


def test_the_detector_of_the_cache_is_used_without_asking_anybody(
    spec: ModelSpec, archive: Archive, insightface_home: Path
) -> None:
    assert ensure_detector(spec, insightface_home) == detector_path(spec, insightface_home)
    assert archive.ranges == []


def test_a_missing_detector_is_downloaded_verified_and_taken_out_of_the_pack(
    spec: ModelSpec, archive: Archive, tmp_path: Path
) -> None:
    path = ensure_detector(spec, tmp_path)
    assert path.stat().st_size == spec.size
    assert [entry.name for entry in path.parent.iterdir()] == ["det_500m.onnx"]
    ensure_detector(spec, tmp_path)
    assert len(archive.ranges) == 1


def test_an_interrupted_download_goes_on_where_it_stopped(
    spec: ModelSpec, archive: Archive, tmp_path: Path
) -> None:
    archive.cut_at = 1_000_000
    with pytest.raises(ModelError, match="cannot be downloaded"):
        ensure_detector(spec, tmp_path)
    archive.cut_at = None
    assert ensure_detector(spec, tmp_path).is_file()
    assert archive.ranges == [None, "bytes=1000000-"]


def test_a_detector_with_another_sha256_is_fetched_again(spec: ModelSpec, tmp_path: Path) -> None:
    path = detector_path(spec, tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half a model")
    assert ensure_detector(spec, tmp_path).stat().st_size == spec.size


@pytest.mark.parametrize("content", [b"<html>sign in</html>", b""])
def test_what_is_not_the_pack_is_refused_and_nothing_is_left_behind(
    spec: ModelSpec, archive: Archive, tmp_path: Path, content: bytes
) -> None:
    archive.content = content
    with pytest.raises(ModelError, match="cannot be downloaded"):
        ensure_detector(spec, tmp_path)
    assert not any(detector_path(spec, tmp_path).parent.iterdir())


def test_a_pack_with_another_detector_is_refused(spec: ModelSpec, archive: Archive, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as pack:
        pack.writestr("det_500m.onnx", b"another detector")
    archive.content = buffer.getvalue()
    with pytest.raises(ModelError, match="sha256"):
        ensure_detector(spec, tmp_path)
    assert not detector_path(spec, tmp_path).exists()


def test_without_detector_and_without_network_the_error_says_where_to_put_it(
    spec: ModelSpec, tmp_path: Path
) -> None:
    unreachable = spec.model_copy(update={"url": "http://127.0.0.1:1/buffalo_sc.zip"})
    with pytest.raises(ModelError) as caught:
        ensure_detector(unreachable, tmp_path)
    assert str(detector_path(spec, tmp_path)) in str(caught.value)
    assert "put det_500m.onnx there" in str(caught.value)


def test_a_cache_that_cannot_be_written_is_named(spec: ModelSpec, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where a folder is needed", "utf-8")
    with pytest.raises(ModelError, match="the face detector is not at"):
        ensure_detector(spec, tmp_path)
