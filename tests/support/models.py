"""Small files in the place of models, for deployments that only carry them."""

import hashlib
from pathlib import Path

import yaml

FILES = {"facenet512.onnx": "image", "buffalo_sc/det_500m.onnx": "insightface-cache"}


def lay_out_small_models(folder: Path) -> dict[str, object]:
    """Write a manifest and the files it names below ``folder``; return the variables that name them."""
    entries = []
    for name, placement in FILES.items():
        file = folder / "source" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"in place of {name}\n")
        content = file.read_bytes()
        entries.append(
            {
                "file": name,
                "url": f"http://127.0.0.1:9/{name}",
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "placement": placement,
            }
        )
    (folder / "models.yml").write_text(yaml.safe_dump({"models": entries}))
    return {
        "models_manifest": str(folder / "models.yml"),
        "models_dir": str(folder / "source"),
        "models_cache": str(folder / "cache"),
    }
