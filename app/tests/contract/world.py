"""The household that the contract is tried in: one Stash with people, pictures, a gallery and films."""

from __future__ import annotations

from pathlib import Path

from tests.support.films import FilmShelf
from tests.support.stash_server import (
    StashFile,
    StashGallery,
    StashPerformer,
    StashPicture,
    StashScene,
    StashServer,
)

API_KEY = "sk-5b1f-not-for-anybody"
TWO_PEOPLE, STRANGERS, BROKEN = "7", "9", "8"
HOLIDAYS, EMPTY_GALLERY = "31", "32"
# The size that a picture may have.
IMAGE_BYTES = 3_000_000
TWO_PEOPLE_SCENE, EMPTY_SCENE, LOST_SCENE = "1", "2", "3"


def furnish(stash: StashServer, faces: Path, films: FilmShelf) -> None:
    """Fill `stash`; ids that tests name are constants of this module."""
    two_people = (faces / "probe/two_people.jpg").read_bytes()
    stash.images[TWO_PEOPLE] = StashPicture(two_people, 1126, 661, gallery_ids=(HOLIDAYS,))
    stash.images[BROKEN] = StashPicture(b"this is not a picture", 10, 10, gallery_ids=(HOLIDAYS,))
    stash.images[STRANGERS] = StashPicture((faces / "probe/solvay_1927.jpg").read_bytes(), 1000, 700)
    obama = (faces / "probe/obama.jpg").read_bytes()
    stash.images["10"] = StashPicture(obama, 427, 600, gallery_ids=(HOLIDAYS,))
    stash.galleries[HOLIDAYS] = StashGallery("Holidays")
    stash.galleries[EMPTY_GALLERY] = StashGallery("Empty")
    film = films.film("two_people.mp4", [(faces / "probe/obama.jpg", 6), (faces / "people/biden/2.jpg", 6)])
    stash.performers["1"] = StashPerformer("Somebody")
    stash.scenes[TWO_PEOPLE_SCENE] = StashScene(
        "Two people", [StashFile.of("11", film)], performer_ids=["1"], cover=obama
    )
    black = films.film("black.mp4", [(None, 3)])
    stash.scenes[EMPTY_SCENE] = StashScene("Nobody", [StashFile.of("21", black)])
    stash.scenes[LOST_SCENE] = StashScene("Lost", [StashFile("31", "/films/lost.mp4", 10, 60.0)])
