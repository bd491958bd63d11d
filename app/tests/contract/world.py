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
BOX_KEY = "box-7c2e-nor-this-one"
TWO_PEOPLE, STRANGERS, BROKEN = "7", "9", "8"
HOLIDAYS, EMPTY_GALLERY = "31", "32"
# The size that a picture may have.
IMAGE_BYTES = 3_000_000
TWO_PEOPLE_SCENE, EMPTY_SCENE, LOST_SCENE = "1", "2", "3"
TWO_FILES_SCENE, DUPLICATE_SCENES = "4", ("5", "6")
BOX = "https://box.example/graphql"


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
    large = StashFile("41", "/films/large.mkv", 900, 60.0, "hevc", "aac", 1920, 1080, 25.0, 8_000_000)
    small = StashFile("42", "/films/small.mp4", 500, 60.0, "h264", "aac", 1280, 720, 25.0, 4_000_000)
    stash.scenes[TWO_FILES_SCENE] = StashScene("Two files", [small, large], performer_ids=["1"])
    for scene_id in DUPLICATE_SCENES:
        stash.scenes[scene_id] = StashScene(f"Once more {scene_id}", stash_ids=[(BOX, "one-and-the-same")])


def new_performer_id(stash: StashServer) -> int:
    """From here on ids are free."""
    return max(map(int, stash.performers)) + 1


def add_twin(stash: StashServer, performer_id: str, pair: int) -> None:
    """A performer whom another one of the same `pair` doubles."""
    stash.performers[performer_id] = StashPerformer(f"Twin {performer_id}", stash_ids=[(BOX, f"pair-{pair}")])
