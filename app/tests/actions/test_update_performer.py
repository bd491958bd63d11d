"""A performer in Stash gets values that the user has chosen."""

from __future__ import annotations

from typing import Any

import pytest

from stash_sense.actions.errors import ActionRefused
from stash_sense.actions.update_performer import update_performer
from stash_sense.stash.client import StashClient, StashNotFound, StashUnavailable
from tests.support.stash_server import StashPerformer, StashServer


async def test_what_is_sent_is_written_and_the_rest_stays(stash: StashServer, client: StashClient) -> None:
    stash.performers["1"] = StashPerformer(
        "Ann", alias_list=["Annie"], country="DE", career_length="2010-", measurements="34C-26-36"
    )
    fields: dict[str, Any] = {
        "height": "170",
        "career_end_year": 2023,
        "waist_size": 27,
        "_alias_add": ["Anna", "ANNIE"],
    }
    performer = await update_performer(client, "1", fields)
    known = stash.performers["1"]
    assert (known.height_cm, known.career_length, known.measurements) == (170, "2010-2023", "34C-27-36")
    assert (known.alias_list, known.country) == (["Annie", "Anna"], "DE")
    assert (performer.height_cm, performer.alias_list) == (170, ("Annie", "Anna"))


async def test_doing_it_twice_changes_nothing_more(stash: StashServer, client: StashClient) -> None:
    stash.performers["1"] = StashPerformer("Ann")
    fields = {"career_start_year": 2010, "_alias_add": ["Anna"]}
    for _ in range(2):
        await update_performer(client, "1", fields)
    assert stash.performers["1"].alias_list == ["Anna"]
    assert stash.performers["1"].career_length == "2010-"


async def test_a_performer_who_is_not_there_is_named(client: StashClient) -> None:
    with pytest.raises(StashNotFound):
        await update_performer(client, "99", {"name": "Ann"})


async def test_a_wrong_value_changes_nothing(stash: StashServer, client: StashClient) -> None:
    stash.performers["1"] = StashPerformer("Ann")
    with pytest.raises(ActionRefused):
        await update_performer(client, "1", {"country": "DE", "height": "tall"})
    assert stash.asked("PerformerUpdate") == []


async def test_what_stash_refuses_is_passed_on(stash: StashServer, client: StashClient) -> None:
    stash.performers |= {"1": StashPerformer("Ann"), "2": StashPerformer("Bea")}
    with pytest.raises(StashUnavailable, match="already exists"):
        await update_performer(client, "1", {"name": "Bea"})
