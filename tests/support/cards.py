"""Graphics cards that are not there, as NVIDIA's tool would list them."""

from collections.abc import Mapping
from pathlib import Path


def cards(folder: Path, free: Mapping[str, int]) -> None:
    """Put an ``nvidia-smi`` into ``folder`` that knows these uuids and their free MiB."""
    listed = "".join(f"GPU {index}: A card (UUID: {uuid})\\n" for index, uuid in enumerate(free))
    memory = "".join(f"{uuid}, {mib}\\n" for uuid, mib in free.items())
    tool = folder / "nvidia-smi"
    tool.write_text(
        f"#!/bin/sh\n[ \"$1\" != -L ] || exec printf '{listed}'\n"
        f"[ \"$1\" != --query-gpu=uuid,memory.free ] || exec printf '{memory}'\nexit 2\n"
    )
    tool.chmod(0o755)
