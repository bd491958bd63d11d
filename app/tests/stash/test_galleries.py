"""Galleries of a real (small) Stash."""

import pytest

from stash_sense.stash.client import StashClient, StashNotFound, StashUnavailable
from tests.stash.conftest import failure
from tests.support.stash_server import StashGallery, StashPicture, StashServer


async def test_a_gallery_is_found_with_all_its_images_over_several_pages(
    stash: StashServer, client: StashClient
) -> None:
    stash.galleries["5"] = StashGallery("Summer")
    for number in range(1, 251):
        stash.images[str(number)] = StashPicture(b"", gallery_ids=("5",) if number != 100 else ("6",))
    gallery = await client.galleries.get("5")
    assert (gallery.id, gallery.title, gallery.image_count) == ("5", "Summer", 249)
    images = await client.galleries.images("5")
    assert [image.id for image in images] == [str(n) for n in range(1, 251) if n != 100]
    assert len(stash.asked("FindImages")) == 3


async def test_an_empty_gallery_has_no_images(stash: StashServer, client: StashClient) -> None:
    stash.galleries["5"] = StashGallery()
    assert (await client.galleries.get("5")).title is None
    assert await client.galleries.images("5") == []


@pytest.mark.parametrize("gallery_id", ["999", "x"])
async def test_a_gallery_that_there_is_not_is_not_found(client: StashClient, gallery_id: str) -> None:
    assert "no gallery with the id" in await failure(client.galleries.get(gallery_id), StashNotFound)


async def test_a_page_that_fails_fails_the_whole_list(stash: StashServer, client: StashClient) -> None:
    for number in range(1, 251):
        stash.images[str(number)] = StashPicture(b"", gallery_ids=("5",))
    stash.faults.status, stash.faults.skip = 500, 2
    await failure(client.galleries.images("5"), StashUnavailable)
