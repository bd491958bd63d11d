from __future__ import annotations

from stash_sense.identification.troubles import Troubles


def test_one_reason_for_many_frames_is_one_line() -> None:
    troubles = Troubles()
    troubles.add("the cover is lost")
    for seconds in (12.0, 3.0, 7.5):
        troubles.add_at(seconds, "damaged")
    troubles.add_at(9.0, "gone")
    assert troubles.lines() == [
        "the cover is lost",
        "3 frames from 3.0 s to 12.0 s: damaged",
        "frame at 9.0 s: gone",
    ]


def test_there_are_at_most_five_lines() -> None:
    troubles = Troubles()
    for number in range(9):
        troubles.add(f"reason {number}")
    assert len(troubles.lines()) == 5
    assert troubles.lines()[-1] == "and 5 more reasons"
