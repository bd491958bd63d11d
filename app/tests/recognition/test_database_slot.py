from __future__ import annotations

from pathlib import Path

import pytest

from stash_sense.recognition import database_slot
from stash_sense.recognition.database_slot import DatabaseSlot


def test_an_empty_folder_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    slot = DatabaseSlot(tmp_path)
    assert slot.state.status == "starting"
    state = slot.load()
    assert state.status == "failed"
    assert "manifest.json" in state.reason


def test_even_an_unforeseen_failure_ends_the_loading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> None:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(database_slot, "load_database", fail)
    state = DatabaseSlot(tmp_path).load()
    assert state.status == "failed"
    assert "nobody thought of this" in state.reason
