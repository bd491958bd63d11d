"""Pictures by their address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.api.conftest import names
from tests.support.sidecar import RunningSidecar


class _Photos(BaseHTTPRequestHandler):
    photo: bytes = b""

    def do_GET(self) -> None:
        if self.path.startswith("/loop"):
            self.send_response(302)
            self.send_header("Location", "/loop" + ("2" if self.path == "/loop" else ""))
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.photo)))
        self.end_headers()
        self.wfile.write(self.photo)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def photo_server(faces_dir: Path) -> Iterator[str]:
    handler = type("Handler", (_Photos,), {"photo": (faces_dir / "probe/obama.jpg").read_bytes()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_photo_is_fetched_from_its_address(sidecar: RunningSidecar, photo_server: str) -> None:
    url = f"{photo_server}/photo.jpg?apikey=not-for-the-log"
    assert names(sidecar.client.post("/identify", json={"image_url": url})) == ["obama"]
    assert names(sidecar.client.post("/identify/url", params={"url": url, "top_k": 1})) == ["obama"]
    assert "not-for-the-log" not in sidecar.log()


def test_a_redirect_loop_is_a_400(sidecar: RunningSidecar, photo_server: str) -> None:
    answer = sidecar.client.post("/identify/url", params={"url": f"{photo_server}/loop"})
    assert answer.status_code == 400
    assert "redirect" in answer.json()["detail"]
