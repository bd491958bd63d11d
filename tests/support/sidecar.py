"""Asking a sidecar that was deployed, on whatever host: it is reached on this machine under a port."""

import base64
from pathlib import Path
from typing import Any

import requests


def identify(port: int, photo: Path) -> list[dict[str, Any]]:
    """The faces of ``photo`` as POST /identify answers them, left to right."""
    image = base64.b64encode(photo.read_bytes()).decode()
    answer = requests.post(f"http://127.0.0.1:{port}/identify", json={"image_base64": image}, timeout=60)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["face_count"] == len(body["faces"])
    return sorted(body["faces"], key=lambda face: face["box"]["x"])


def names(face: dict[str, Any]) -> list[str]:
    """The names of a face's matches, best first."""
    return [match["name"] for match in face["matches"]]
