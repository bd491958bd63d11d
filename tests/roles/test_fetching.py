"""The models role's download, against a real server that can resume, cut, and send the wrong thing."""

import hashlib
import io
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

MODEL = bytes(range(256)) * 400
SHA256 = hashlib.sha256(MODEL).hexdigest()


@dataclass
class Server:
    """What it serves, how many bytes it sends before it hangs up, and the Range headers it was sent."""

    content: bytes = MODEL
    hang_up_after: int | None = None
    resumes: bool = True
    ranges: list[str | None] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            state.ranges.append(asked)
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and state.resumes else 0
            if start and start >= len(state.content):
                self.send_error(416)
                return
            body = state.content[start:]
            self.send_response(206 if start else 200)
            if start:
                total = len(state.content)
                self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: state.hang_up_after])

        def log_message(self, format: str, *args: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{httpd.server_port}/model"
    yield state
    httpd.shutdown()
    thread.join()
    httpd.server_close()


@dataclass
class Fetch:
    """fetch.sh with the manifest's entry for the model."""

    script: Path
    folder: Path
    server: Server

    @property
    def file(self) -> Path:
        return self.folder / "cache/sub/model.onnx"

    @property
    def part(self) -> Path:
        return self.folder / "cache/.partial" / f"{SHA256}.part"

    def __call__(self, member: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                "sh",
                self.script,
                self.server.url,
                self.file,
                str(len(MODEL)),
                SHA256,
                str(self.part.parent),
                sys.executable,
                member,
            ],
            capture_output=True,
            text=True,
        )


@pytest.fixture
def fetch(roles: Path, tmp_path: Path, server: Server) -> Fetch:
    return Fetch(roles / "models/files/fetch.sh", tmp_path, server)


def test_a_model_gets_its_name_when_it_is_whole(fetch: Fetch) -> None:
    done = fetch()
    assert done.returncode == 0, done.stderr
    assert fetch.file.read_bytes() == MODEL
    assert list(fetch.part.parent.glob("*.part")) == []


def test_a_broken_download_goes_on_where_it_was(fetch: Fetch, server: Server) -> None:
    fetch.part.parent.mkdir(parents=True)
    fetch.part.write_bytes(MODEL[:70_000])
    assert fetch().returncode == 0
    assert server.ranges == ["bytes=70000-"]
    assert fetch.file.read_bytes() == MODEL


def test_a_whole_part_is_not_fetched_again(fetch: Fetch, server: Server) -> None:
    fetch.part.parent.mkdir(parents=True)
    fetch.part.write_bytes(MODEL)
    assert fetch().returncode == 0
    assert server.ranges == []


def test_a_server_that_cannot_resume_is_asked_for_everything(fetch: Fetch, server: Server) -> None:
    server.resumes = False
    fetch.part.parent.mkdir(parents=True)
    fetch.part.write_bytes(MODEL[:70_000])
    assert fetch().returncode == 0
    assert fetch.file.read_bytes() == MODEL


def test_a_cut_download_is_kept_and_named(fetch: Fetch, server: Server) -> None:
    server.hang_up_after = 50_000
    done = fetch()
    assert done.returncode == 1
    assert not fetch.file.exists()
    assert fetch.part.stat().st_size >= 50_000
    assert "it goes on at" in done.stderr
    assert "remedy:" in done.stderr

    server.hang_up_after = None
    assert fetch().returncode == 0
    assert fetch.file.read_bytes() == MODEL


def test_another_file_than_the_manifests_is_refused_and_forgotten(fetch: Fetch, server: Server) -> None:
    server.content = MODEL[::-1]
    done = fetch()
    assert done.returncode == 1
    assert f"needed: {len(MODEL)} bytes with sha256 {SHA256}" in done.stderr
    assert not fetch.file.exists()
    assert not fetch.part.exists()


def test_the_named_member_is_taken_out_of_an_archive(fetch: Fetch, server: Server) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("other.onnx", b"another")
        archive.writestr("pack/model.onnx", MODEL)
    server.content = packed.getvalue()
    done = fetch("model.onnx")
    assert done.returncode == 0, done.stderr
    assert fetch.file.read_bytes() == MODEL
    assert list(fetch.part.parent.iterdir()) == [fetch.part.parent / "error"]


def test_an_archive_without_the_member_is_named(fetch: Fetch, server: Server) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("other.onnx", b"another")
    server.content = packed.getvalue()
    done = fetch("model.onnx")
    assert done.returncode == 1
    assert "has no model.onnx" in done.stderr
