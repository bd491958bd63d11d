"""Performers of a real (small) Stash: read, changed, deleted; and who is named where."""

from collections.abc import AsyncIterator, Iterator

import pytest

from stash_sense.stash.client import Priority, StashClient, StashNotFound, StashRefused, StashUnavailable
from stash_sense.stash.objects.base import StashID
from stash_sense.stash.objects.performers import PerformerUpdate
from stash_sense.stash.performers_of import IdMode
from tests.stash.conftest import API_KEY, client_for, failure
from tests.support.stash_schema import SCHEMA_TEXT, without_performer_urls
from tests.support.stash_server import (
    StashGallery,
    StashPerformer,
    StashPicture,
    StashScene,
    StashServer,
    stash_running,
)

BULK = Priority.BULK
ACTION = Priority.USER_ACTION
BOX, OTHER = "https://box.example/graphql", "https://other.example/graphql"


async def test_a_performer_is_found_with_everything_that_is_known(
    stash: StashServer, client: StashClient
) -> None:
    stash.performers["3"] = StashPerformer(
        "Anna",
        alias_list=["A."],
        gender="FEMALE",
        birthdate="1990-01-02",
        height_cm=170,
        measurements="34C-26-36",
        career_length="2010-2023",
        urls=["https://a.example", "https://b.example"],
        favorite=True,
        stash_ids=[(BOX, "uuid")],
    )
    stash.scenes.update({"1": StashScene(performer_ids=["3"]), "2": StashScene(performer_ids=["3"])})
    stash.images["1"] = StashPicture(b"", performer_ids=["3"])
    found = await client.performers.get("3")
    assert (found.name, found.alias_list, found.gender) == ("Anna", ("A.",), "FEMALE")
    assert (found.birthdate, found.height_cm) == ("1990-01-02", 170)
    assert (found.measurements, found.career_length) == ("34C-26-36", "2010-2023")
    assert (found.urls, found.favorite) == (("https://a.example", "https://b.example"), True)
    assert (found.scene_count, found.image_count, found.gallery_count) == (2, 1, 0)
    assert found.stash_ids == (StashID(endpoint=BOX, stash_id="uuid"),)


async def test_a_performer_that_there_is_not_is_not_found(client: StashClient) -> None:
    assert "no performer with the id" in await failure(client.performers.get("9"), StashNotFound)


async def test_a_stash_that_fails_is_asked_for_a_performer_three_times(
    stash: StashServer, client: StashClient
) -> None:
    stash.faults.status = 500
    await failure(client.performers.get("3"), StashUnavailable)
    assert len(stash.requests) == 3


async def test_those_of_one_stash_box_are_paged(stash: StashServer, client: StashClient) -> None:
    for number in range(1, 8):
        box = BOX if number % 2 else OTHER
        stash.performers[str(number)] = StashPerformer(f"P{number}", stash_ids=[(box, f"uuid-{number}")])
    stash.performers["8"] = StashPerformer("Unknown")
    page = await client.performers.page(2, 2, BULK, stash_box_endpoint=BOX)
    assert ([performer.id for performer in page.items], page.total) == (["5", "7"], 4)
    assert len([performer async for performer in client.performers.all(BULK)]) == 8


class TestChanges:
    async def test_only_the_given_fields_change_and_none_empties_one(
        self, stash: StashServer, client: StashClient
    ) -> None:
        stash.performers["3"] = StashPerformer("Anna", alias_list=["A."], country="NO", height_cm=170)
        change = PerformerUpdate(id="3", name="Anne", country=None, alias_list=("Anna",))
        changed = await client.performers.update(change, ACTION)
        assert (changed.name, changed.country, changed.height_cm) == ("Anne", None, 170)
        assert stash.performers["3"].alias_list == ["Anna"]

    async def test_stash_ids_are_written_as_stash_takes_them(
        self, stash: StashServer, client: StashClient
    ) -> None:
        stash.performers["3"] = StashPerformer("Anna")
        ids = (StashID(endpoint=BOX, stash_id="uuid"),)
        changed = await client.performers.update(PerformerUpdate(id="3", stash_ids=ids), ACTION)
        assert changed.stash_ids == ids

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (PerformerUpdate(id="3", name="BERTA"), "already exists"),
            (PerformerUpdate(id="3", alias_list=("x", "X")), "duplicate alias 'X'"),
            (PerformerUpdate(id="3", gender="ROBOT"), "ROBOT"),
        ],
    )
    async def test_what_stash_refuses_is_passed_on(
        self, stash: StashServer, client: StashClient, change: PerformerUpdate, said: str
    ) -> None:
        stash.performers.update({"3": StashPerformer("Anna"), "4": StashPerformer("Berta")})
        assert said in await failure(client.performers.update(change, ACTION), StashRefused)
        assert stash.performers["3"] == StashPerformer("Anna")

    async def test_deleting_is_not_sent_twice(self, stash: StashServer, client: StashClient) -> None:
        stash.performers.update({"3": StashPerformer("Anna"), "4": StashPerformer("Berta")})
        stash.scenes["1"] = StashScene(performer_ids=["3", "4"])
        stash.faults.status, stash.faults.times = 502, 1
        await failure(client.performers.delete(["3"], ACTION), StashUnavailable)
        assert len(stash.asked("PerformersDestroy")) == 1
        await client.performers.delete(["3"], ACTION)
        assert (list(stash.performers), stash.scenes["1"].performer_ids) == (["4"], ["4"])
        assert "3 not found" in await failure(client.performers.delete(["3"], ACTION), StashRefused)


class TestWhoIsNamed:
    @pytest.fixture
    def library(self, stash: StashServer) -> StashServer:
        stash.performers.update({"3": StashPerformer("Anna"), "4": StashPerformer("Berta")})
        for number in range(1, 251):
            stash.scenes[str(number)] = StashScene(performer_ids=["3"] if number % 2 else [])
            stash.images[str(number)] = StashPicture(b"", performer_ids=["3", "4"] if number % 2 else ["4"])
        stash.galleries["1"] = StashGallery(performer_ids=["3"])
        return stash

    async def test_all_content_that_names_a_performer_is_listed(
        self, library: StashServer, client: StashClient
    ) -> None:
        odd = [str(number) for number in range(1, 251, 2)]
        assert await client.scenes.ids_of_performer("3", ACTION) == odd
        assert await client.images.ids_of_performer("3", ACTION) == odd
        assert await client.galleries.ids_of_performer("3", ACTION) == ["1"]
        assert await client.galleries.ids_of_performer("4", ACTION) == []

    async def test_performers_are_added_removed_and_set_in_many_at_once(
        self, library: StashServer, client: StashClient
    ) -> None:
        ids = await client.images.ids_of_performer("3", ACTION)
        await client.images.update_performers(ids, ["4"], IdMode.ADD, ACTION)
        await client.images.update_performers(ids, ["3"], IdMode.REMOVE, ACTION)
        assert all(image.performer_ids == ["4"] for image in library.images.values())
        assert len(library.asked("BulkImageUpdate")) == 4
        await client.scenes.update_performers(["1", "2"], ["3", "4"], IdMode.SET, ACTION)
        assert library.scenes["2"].performer_ids == ["3", "4"]
        await client.galleries.update_performers(["1"], ["4"], IdMode.ADD, ACTION)
        assert library.galleries["1"].performer_ids == ["3", "4"]

    async def test_nothing_is_sent_for_no_content(self, library: StashServer, client: StashClient) -> None:
        await client.scenes.update_performers([], ["4"], IdMode.ADD, ACTION)
        assert library.requests == []


@pytest.fixture(scope="module")
def old_stash() -> Iterator[StashServer]:
    with stash_running(API_KEY, schema=without_performer_urls(SCHEMA_TEXT)) as server:
        yield server


class TestBefore027:
    @pytest.fixture
    async def old_client(self, old_stash: StashServer) -> AsyncIterator[StashClient]:
        client = client_for(old_stash.url)
        old_stash.reset(API_KEY)
        yield client
        await client.aclose()

    async def test_the_three_single_addresses_are_the_list(
        self, old_stash: StashServer, old_client: StashClient
    ) -> None:
        urls = ["https://a.example", "https://twitter.com/a", "https://instagram.com/a"]
        old_stash.performers["3"] = StashPerformer("Anna", urls=urls)
        assert (await old_client.performers.get("3")).urls == tuple(urls)
        page = await old_client.performers.page(1, 10, BULK)
        assert page.items[0].urls == tuple(urls)
        # What this Stash knows is asked for once.
        assert len(old_stash.asked("TypeFields")) == 1

    async def test_a_list_that_fits_is_written_as_the_three(
        self, old_stash: StashServer, old_client: StashClient
    ) -> None:
        old_stash.performers["3"] = StashPerformer("Anna", urls=["https://old.example"])
        new = ("https://x.com/a", "https://a.example")
        changed = await old_client.performers.update(PerformerUpdate(id="3", urls=new), ACTION)
        assert changed.urls == ("https://a.example", "https://x.com/a")

    async def test_a_list_that_does_not_fit_is_refused_with_what_to_do(
        self, old_stash: StashServer, old_client: StashClient
    ) -> None:
        old_stash.performers["3"] = StashPerformer("Anna", urls=["https://old.example"])
        many = PerformerUpdate(id="3", urls=tuple(f"https://{name}.example" for name in "abc"))
        message = await failure(old_client.performers.update(many, ACTION), StashRefused)
        assert "update Stash to 0.27" in message
        assert old_stash.performers["3"].urls == ["https://old.example"]
