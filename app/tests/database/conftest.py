from __future__ import annotations

from pathlib import Path

import pytest

from tests.database.release import Release


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """A complete, valid release in a folder of its own."""
    directory = tmp_path / "release"
    directory.mkdir()
    release = Release(directory)
    release.write()
    return release
